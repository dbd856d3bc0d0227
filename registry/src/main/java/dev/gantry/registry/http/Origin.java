package dev.gantry.registry.http;

import java.net.URI;
import java.util.Locale;

/// Who a URI speaks to (RFC 6454). Credentials stay within one.
public record Origin(String scheme, String host, int port) {
    /// The origin of a URI.
    ///
    /// @throws IllegalArgumentException if it is no http or https URI with a host
    public static Origin of(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        String host = uri.getHost();
        if (host == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw new IllegalArgumentException("no http or https URL with a host: " + uri);
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        return new Origin(scheme, host.toLowerCase(Locale.ROOT), port);
    }

    public boolean isEncrypted() {
        return scheme.equals("https");
    }
}
