package dev.gantry.engine.spec;

import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.config.Resources.Ulimit;
import dev.gantry.oci.runtime.Rlimit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Resource limits of processes: the daemon's defaults, and the container's over them.
final class Ulimits {
    private static final Set<String> NAMES = Set.of(
            "core",
            "cpu",
            "data",
            "fsize",
            "locks",
            "memlock",
            "msgqueue",
            "nice",
            "nofile",
            "nproc",
            "rss",
            "rtprio",
            "rttime",
            "sigpending",
            "stack");

    private Ulimits() {}

    /// The limits that are set.
    ///
    /// @param defaults by name, `soft[:hard]`
    /// @throws Invalid for unknown names, and a soft limit above the hard one
    static List<Rlimit> of(List<Ulimit> asked, Map<String, String> defaults) {
        var limits = new TreeMap<String, Rlimit>();
        defaults.forEach((name, value) -> put(limits, parse(name, value)));
        asked.forEach(ulimit -> put(limits, ulimit));
        return List.copyOf(limits.values());
    }

    private static void put(Map<String, Rlimit> limits, Ulimit ulimit) {
        if (!NAMES.contains(ulimit.name())) {
            throw new Invalid("invalid ulimit type: " + ulimit.name());
        }
        if (Long.compareUnsigned(ulimit.soft(), ulimit.hard()) > 0) {
            throw new Invalid("ulimit soft limit must be less than or equal to hard limit: %d > %d"
                    .formatted(ulimit.soft(), ulimit.hard()));
        }
        String type = "RLIMIT_" + ulimit.name().toUpperCase(Locale.ROOT);
        limits.put(type, new Rlimit(type, ulimit.hard(), ulimit.soft()));
    }

    private static Ulimit parse(String name, String value) {
        String[] parts = value.split(":", 2);
        try {
            long soft = Long.parseLong(parts[0]);
            return new Ulimit(name, parts.length == 2 ? Long.parseLong(parts[1]) : soft, soft);
        } catch (NumberFormatException e) {
            throw new Invalid("invalid ulimit argument: " + name + "=" + value, e);
        }
    }
}
