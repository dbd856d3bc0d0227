package dev.gantry.registry;

import dev.gantry.oci.ImageReference;
import dev.gantry.registry.Retry.Limits;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Speaks to registries. One is enough for a program: connections, tokens, and what is known of hosts are shared.
public final class RegistryClient implements AutoCloseable {
    /// docker.io is no host that images come from.
    private static final String DOCKER_HUB = "registry-1.docker.io";

    private static final String DOCKER_INDEX = "index.docker.io";
    private static final int MAX_HOSTS = 1000;

    private final RegistryConfig config;
    private final Transport transport;
    private final Exchange exchange;
    private final TokenServer tokenServer;
    private final TokenCache tokens = new TokenCache();
    private final Map<String, RegistryHost> hosts = new ConcurrentHashMap<>();

    /// A client with this configuration, which does not change any more.
    ///
    /// @throws IllegalArgumentException naming the insecure registry that is neither a host nor a network
    public RegistryClient(RegistryConfig config) {
        this(config, Limits.DEFAULT);
    }

    RegistryClient(RegistryConfig config, Limits limits) {
        this.config = config;
        this.transport = new Transport(config, limits);
        this.exchange = new Exchange(transport);
        this.tokenServer = new TokenServer(exchange);
    }

    /// Opens the repository of an image. Nothing is sent before the first call of its methods.
    ///
    /// @param credentials null for nobody in particular
    public Repository repository(ImageReference reference, @Nullable Credentials credentials, Access access) {
        List<Endpoint> endpoints = new ArrayList<>();
        if (access == Access.PULL && reference.domain().equals(ImageReference.DEFAULT_DOMAIN)) {
            for (URI mirror : config.mirrors()) {
                // the user's credentials are docker.io's: a mirror is somebody else
                endpoints.add(endpoint(host(mirror), reference, null, access));
            }
        }
        endpoints.add(endpoint(host(reference.domain()), reference, credentials, access));
        return new Repository(reference, endpoints, transport.limits());
    }

    /// Finds out whether a registry takes these credentials.
    ///
    /// @param domain as in references: `docker.io`, `host:port`
    /// @return an identity token, to be kept in place of the password; null where the registry gives none
    /// @throws RegistryException.Unauthorized with Docker's text, if it does not take them
    public @Nullable String login(String domain, Credentials credentials) throws IOException {
        return new Login(exchange, transport, tokenServer).attempt(host(domain), credentials);
    }

    /// An image that an index found.
    public record FoundImage(String name, String description, int stars, boolean official, boolean automated) {}

    /// Asks an index for images.
    ///
    /// @param term may begin with the name of a registry: `host:port/words`
    public List<FoundImage> search(String term, int limit, @Nullable Credentials credentials) throws IOException {
        int slash = term.indexOf('/');
        String first = slash < 0 ? "" : term.substring(0, slash);
        boolean named = first.contains(".") || first.contains(":") || first.equals("localhost");
        String domain = named ? first : ImageReference.DEFAULT_DOMAIN;
        String words = named ? term.substring(slash + 1) : term;
        boolean hub = domain.equals(ImageReference.DEFAULT_DOMAIN);
        String official = "library/";
        return new Search(exchange)
                .run(
                        hub ? host(DOCKER_INDEX) : host(domain),
                        hub && words.startsWith(official) ? words.substring(official.length()) : words,
                        limit,
                        credentials);
    }

    private Endpoint endpoint(
            RegistryHost host, ImageReference reference, @Nullable Credentials credentials, Access access) {
        Authorizer authorizer = new Authorizer(transport, tokenServer, tokens, credentials);
        return new Endpoint(host, exchange, authorizer, reference.path(), access);
    }

    private RegistryHost host(String address, Supplier<List<URI>> candidates) {
        if (hosts.size() >= MAX_HOSTS) {
            hosts.clear();
        }
        return hosts.computeIfAbsent(address, _ -> new RegistryHost(exchange, candidates));
    }

    private RegistryHost host(URI mirror) {
        String text = mirror.toString();
        URI base = URI.create(text.endsWith("/") ? text : text + "/");
        return host(base.toString(), () -> List.of(base));
    }

    private RegistryHost host(String domain) {
        String authority = domain.equals(ImageReference.DEFAULT_DOMAIN) ? DOCKER_HUB : domain;
        return host(authority, () -> addresses(authority));
    }

    // as Docker: an insecure registry is tried with TLS first
    private List<URI> addresses(String authority) {
        URI encrypted = URI.create("https://" + authority + "/");
        return transport.isInsecure(authority)
                ? List.of(encrypted, URI.create("http://" + authority + "/"))
                : List.of(encrypted);
    }

    /// Ends all connections, also those of streams that are still read.
    @Override
    public void close() {
        transport.close();
    }
}
