package dev.gantry.registry;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The proxies that requests go through, as the environment of most programs names them.
///
/// @param http for http URLs
/// @param https for https URLs
/// @param exceptions what is reached directly, separated by commas: `example.com` with all below it, `.example.com`
/// with
///     all below it alone, addresses, networks, each with an optional port; `*` for everything
public record ProxySettings(@Nullable URI http, @Nullable URI https, String exceptions) {
    public static final ProxySettings NONE = new ProxySettings(null, null, "");

    /// `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`, upper case before lower case.
    ///
    /// @throws IllegalArgumentException naming the variable that is no URL
    public static ProxySettings fromEnvironment(Map<String, String> environment) {
        return new ProxySettings(
                proxy(environment, "HTTP_PROXY"), proxy(environment, "HTTPS_PROXY"), value(environment, "NO_PROXY"));
    }

    /// What an environment says about a proxy, for people: without user and password, and whether it can be used or
    /// not.
    ///
    /// @param name `HTTP_PROXY` or `HTTPS_PROXY`
    public static String masked(Map<String, String> environment, String name) {
        // a password may have any character in it that its user forgot to encode
        return value(environment, name).replaceFirst("^([A-Za-z][A-Za-z0-9+.-]*://)?.*@", "$1xxxxx:xxxxx@");
    }

    /// What is reached without a proxy, as the environment says.
    public static String exceptions(Map<String, String> environment) {
        return value(environment, "NO_PROXY");
    }

    /// Without passwords, because this ends up in logs.
    @Override
    public String toString() {
        return "ProxySettings[http=%s, https=%s, exceptions=%s]".formatted(host(http), host(https), exceptions);
    }

    private static String host(@Nullable URI proxy) {
        return proxy == null ? "none" : proxy.getHost() + ":" + proxy.getPort();
    }

    private static @Nullable URI proxy(Map<String, String> environment, String name) {
        String text = value(environment, name);
        if (text.isEmpty()) {
            return null;
        }
        try {
            URI proxy = URI.create(text.contains("://") ? text : "http://" + text);
            if (proxy.getHost() != null && String.valueOf(proxy.getScheme()).equals("http")) {
                return proxy;
            }
        } catch (IllegalArgumentException _) {
            // the parser's message repeats the text, which may hold a password
        }
        throw new IllegalArgumentException("%s is no URL of an http proxy".formatted(name));
    }

    private static String value(Map<String, String> environment, String name) {
        String upper = environment.getOrDefault(name, "");
        return upper.isEmpty() ? environment.getOrDefault(name.toLowerCase(Locale.ROOT), "") : upper;
    }
}
