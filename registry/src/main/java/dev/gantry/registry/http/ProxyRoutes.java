package dev.gantry.registry.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Which requests go through a proxy, by the rules of Go's `http.ProxyFromEnvironment`, which Docker follows.
public final class ProxyRoutes extends ProxySelector {
    private final @Nullable URI http;
    private final @Nullable URI https;
    private final List<String> exceptions;

    /// @param exceptions as in `NO_PROXY`
    public ProxyRoutes(@Nullable URI http, @Nullable URI https, String exceptions) {
        this.http = http;
        this.https = https;
        this.exceptions = Arrays.stream(exceptions.split(",", -1))
                .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    private @Nullable URI proxy(URI uri) {
        URI proxy = "https".equals(uri.getScheme()) ? https : http;
        return proxy == null || isDirect(Origin.of(uri)) ? null : proxy;
    }

    /// What the proxy of a request wants to hear about who asks (`Proxy-Authorization`); null where there is none, or
    /// none that asks.
    public @Nullable String authorization(URI uri) {
        URI proxy = proxy(uri);
        String user = proxy == null ? null : proxy.getUserInfo();
        return user == null
                ? null
                : "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    }

    /// The proxy of a request, `host:port`; null for none.
    public @Nullable String address(URI uri) {
        URI proxy = proxy(uri);
        return proxy == null ? null : proxy.getHost() + ":" + port(proxy);
    }

    private static int port(URI proxy) {
        return proxy.getPort() >= 0 ? proxy.getPort() : 80;
    }

    @Override
    public List<Proxy> select(URI uri) {
        URI proxy = proxy(uri);
        return List.of(
                proxy == null
                        ? Proxy.NO_PROXY
                        : new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.getHost(), port(proxy))));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // the request fails, and says so
    }

    private boolean isDirect(Origin origin) {
        InetAddress address = literal(origin.host());
        boolean loopback = address == null ? origin.host().equals("localhost") : address.isLoopbackAddress();
        return loopback || exceptions.stream().anyMatch(entry -> matches(entry, origin, address));
    }

    private static boolean matches(String entry, Origin origin, @Nullable InetAddress address) {
        if (entry.equals("*")) {
            return true;
        }
        if (entry.indexOf('/') >= 0) {
            return address != null && isIn(entry, address);
        }
        String name = entry;
        int colon = entry.lastIndexOf(':');
        if ((colon >= 0 && colon == entry.indexOf(':')) || entry.contains("]:")) {
            if (!entry.substring(colon + 1).equals(Integer.toString(origin.port()))) {
                return false;
            }
            name = entry.substring(0, colon);
        }
        if (address != null) {
            return address.equals(literal(name));
        }
        String suffix = name.startsWith("*.") ? name.substring(1) : name;
        return suffix.startsWith(".")
                ? origin.host().endsWith(suffix)
                : origin.host().equals(suffix) || origin.host().endsWith("." + suffix);
    }

    private static boolean isIn(String network, InetAddress address) {
        try {
            return Network.parse(network).contains(address);
        } catch (IllegalArgumentException _) {
            // Go passes over what it cannot read, too
            return false;
        }
    }

    private static @Nullable InetAddress literal(String host) {
        try {
            boolean bracketed = host.startsWith("[") && host.endsWith("]");
            return InetAddress.ofLiteral(bracketed ? host.substring(1, host.length() - 1) : host);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
