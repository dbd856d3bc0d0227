package dev.gantry.daemon;

import dev.gantry.engine.EngineOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/// What `--insecure-registry` and `--registry-mirror` say.
final class RegistrySettings {
    private RegistrySettings() {}

    static EngineOptions.Registries read(Settings settings) throws UsageException {
        List<URI> mirrors = new ArrayList<>();
        for (String each : settings.list("registry-mirror")) {
            try {
                mirrors.add(URI.create(each));
            } catch (IllegalArgumentException e) {
                throw new UsageException("invalid mirror: " + e.getMessage());
            }
        }
        return new EngineOptions.Registries(settings.list("insecure-registry"), mirrors);
    }
}
