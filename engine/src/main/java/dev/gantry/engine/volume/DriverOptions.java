package dev.gantry.engine.volume;

import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.EngineException.Unsupported;
import dev.gantry.engine.refusal.UnsupportedFeature;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The options of the local driver: `type`, `device` and `o`, as for mount(8). Gantry mounts nothing where the host
/// could see it, so of all that Docker mounts only a directory of the host can be a volume (`type=none`, `o=bind`).
final class DriverOptions {
    private static final Set<String> KNOWN = Set.of("type", "device", "o", "size");

    private DriverOptions() {}

    /// Judges the options of a new volume.
    ///
    /// @throws Invalid with Docker's text
    /// @throws Unsupported for other file systems
    static void check(String volume, Map<String, String> options) {
        if (options.isEmpty()) {
            return;
        }
        for (String each : new TreeSet<>(options.keySet())) {
            if (!KNOWN.contains(each)) {
                throw new Invalid("create " + volume + ": invalid option: \"" + each + "\"");
            }
        }
        if (options.containsKey("size")) {
            throw UnsupportedFeature.VOLUME_QUOTAS.refused(volume);
        }
        for (String each : new String[] {"device", "type"}) {
            if (options.getOrDefault(each, "").isEmpty()) {
                throw new Invalid("create " + volume + ": missing required option: \"" + each + "\"");
            }
        }
        if (directory(options).isEmpty()) {
            throw UnsupportedFeature.VOLUME_TYPES.refused(volume, String.valueOf(options.get("type")));
        }
    }

    /// The directory of the host that is the volume; empty for a directory of the volume's own.
    static Optional<Path> directory(Map<String, String> options) {
        String device = options.getOrDefault("device", "");
        boolean bind = Arrays.stream(options.getOrDefault("o", "").split(",", -1))
                .anyMatch(option -> option.equals("bind") || option.equals("rbind"));
        return bind && device.startsWith("/") ? Optional.of(Path.of(device)) : Optional.empty();
    }
}
