package dev.gantry.engine.image;

import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.EngineOptions;
import dev.gantry.registry.RegistryClient;
import dev.gantry.registry.RegistryConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The client of registries, made when it is first wanted: it reads all certificates of this host.
public final class Registries implements AutoCloseable {
    private final EngineOptions.Registries options;
    private final String userAgent;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable RegistryClient client;

    /// @param version Gantry's own, which registries are told
    public Registries(EngineOptions.Registries options, String version) {
        this.options = options;
        this.userAgent = "gantry/" + version;
    }

    RegistryClient client() {
        lock.lock();
        try {
            if (client == null) {
                List<String> insecure = new ArrayList<>(RegistryConfig.LOOPBACK);
                insecure.addAll(options.insecure());
                client = new RegistryClient(RegistryConfig.defaults(userAgent)
                        .withInsecureRegistries(insecure)
                        .withMirrors(options.mirrors()));
            }
            return client;
        } catch (IllegalArgumentException e) {
            // an insecure registry or a proxy in the environment that is none
            throw new Failed("registries: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (client != null) {
                client.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
