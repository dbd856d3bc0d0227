package dev.gantry.engine.image;

import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.EngineOptions;
import dev.gantry.engine.request.Login;
import dev.gantry.registry.Credentials;
import dev.gantry.registry.RegistryClient;
import dev.gantry.registry.RegistryConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The client of registries, made when it is first wanted.
public final class Registries implements AutoCloseable {
    private final String userAgent;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<RegistryClient> opened = new ArrayList<>();
    private volatile EngineOptions.Registries options;
    private @Nullable RegistryClient client;

    /// @param version Gantry's own, which registries are told
    public Registries(EngineOptions.Registries options, String version) {
        this.options = options;
        this.userAgent = "gantry/" + version;
    }

    /// What is special about registries at the moment.
    public EngineOptions.Registries options() {
        return options;
    }

    /// Changes what is special about registries. What is under way goes on with what it began with.
    public void configure(EngineOptions.Registries replacement) {
        lock.lock();
        try {
            options = replacement;
            client = null;
        } finally {
            lock.unlock();
        }
    }

    /// The one that everybody shares.
    public RegistryClient client() {
        lock.lock();
        try {
            if (client == null) {
                client = open(options, options.insecure());
                opened.add(client);
            }
            return client;
        } finally {
            lock.unlock();
        }
    }

    /// Another one, which trusts a registry in addition, for its caller to close.
    ///
    /// @param domain of the registry
    public RegistryClient insecureClient(String domain) {
        EngineOptions.Registries current = options;
        List<String> insecure = new ArrayList<>(current.insecure());
        insecure.add(domain);
        return open(current, insecure);
    }

    private RegistryClient open(EngineOptions.Registries options, List<String> insecureRegistries) {
        List<String> insecure = new ArrayList<>(RegistryConfig.LOOPBACK);
        insecure.addAll(insecureRegistries);
        try {
            return new RegistryClient(RegistryConfig.defaults(userAgent, options.environment())
                    .withInsecureRegistries(insecure)
                    .withMirrors(options.mirrors()));
        } catch (IllegalArgumentException e) {
            // a proxy in the environment that is none
            throw new Failed("registries: " + e.getMessage(), e);
        }
    }

    /// A login as registries want to have it.
    public static Credentials credentials(Login login) {
        return new Credentials(login.user(), login.password(), login.identityToken(), login.registryToken());
    }

    @Override
    public void close() {
        lock.lock();
        try {
            opened.forEach(RegistryClient::close);
        } finally {
            lock.unlock();
        }
    }
}
