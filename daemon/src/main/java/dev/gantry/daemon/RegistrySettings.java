package dev.gantry.daemon;

import dev.gantry.engine.EngineOptions;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What `--insecure-registry` and `--registry-mirror` say.
final class RegistrySettings {
    private static final Logger LOGGER = System.getLogger(RegistrySettings.class.getName());

    private RegistrySettings() {}

    static EngineOptions.Registries read(Settings settings) throws UsageException {
        List<URI> mirrors = new ArrayList<>();
        try {
            for (String each : settings.list("registry-mirror")) {
                mirrors.add(mirror(each));
            }
            List<String> insecure = settings.list("insecure-registry").stream()
                    .map(RegistrySettings::withoutScheme)
                    .toList();
            return new EngineOptions.Registries(insecure, mirrors);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
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
