package dev.gantry.daemon;

import dev.gantry.engine.EngineOptions;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What `--insecure-registry`, `--registry-mirror` and the flags of proxies say.
final class RegistrySettings {
    private static final Logger LOGGER = System.getLogger(RegistrySettings.class.getName());

    /// Each flag, and the variable that it stands for.
    private static final Map<String, String> PROXIES =
            Map.of("http-proxy", "HTTP_PROXY", "https-proxy", "HTTPS_PROXY", "no-proxy", "NO_PROXY");

    private RegistrySettings() {}

    /// @param environment the daemon's; flags take precedence over it
    static EngineOptions.Registries read(Settings settings, Map<String, String> environment) throws UsageException {
        List<URI> mirrors = new ArrayList<>();
        try {
            for (String each : settings.list("registry-mirror")) {
                mirrors.add(mirror(each));
            }
            List<String> insecure = settings.list("insecure-registry").stream()
                    .map(RegistrySettings::withoutScheme)
                    .toList();
            return new EngineOptions.Registries(insecure, mirrors, withProxies(settings, environment));
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, String> withProxies(Settings settings, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        PROXIES.forEach((flag, variable) -> {
            String given = settings.text(flag);
            if (given != null) {
                all.put(variable, given);
                all.remove(variable.toLowerCase(Locale.ROOT));
            }
        });
        return all;
    }

    private static URI mirror(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            // without the text, in which there may be a password
            throw new IllegalArgumentException("invalid mirror: no URI", e);
        }
    }

    private static String withoutScheme(String registry) {
        for (String scheme : List.of("http://", "https://")) {
            if (registry.toLowerCase(Locale.ROOT).startsWith(scheme)) {
                LOGGER.log(
                        Level.WARNING,
                        "insecure registry {0} should not contain ''{1}'' and ''{1}'' has been removed from the"
                                + " insecure registry config",
                        registry,
                        scheme);
                return registry.substring(scheme.length());
            }
        }
        return registry;
    }
}
