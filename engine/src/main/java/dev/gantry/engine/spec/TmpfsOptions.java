package dev.gantry.engine.spec;

import dev.gantry.engine.EngineException.Invalid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The options of a tmpfs: later ones replace earlier ones that they contradict.
final class TmpfsOptions {
    private static final List<String> DEFAULTS = List.of("noexec", "nosuid", "nodev", "rprivate");

    /// Flags by what they decide.
    private static final Map<String, String> FLAGS = Map.ofEntries(
            Map.entry("exec", "exec"),
            Map.entry("noexec", "exec"),
            Map.entry("suid", "suid"),
            Map.entry("nosuid", "suid"),
            Map.entry("dev", "dev"),
            Map.entry("nodev", "dev"),
            Map.entry("ro", "ro"),
            Map.entry("rw", "ro"),
            Map.entry("sync", "sync"),
            Map.entry("async", "sync"),
            Map.entry("dirsync", "dirsync"),
            Map.entry("atime", "atime"),
            Map.entry("noatime", "atime"),
            Map.entry("relatime", "atime"),
            Map.entry("norelatime", "atime"),
            Map.entry("strictatime", "atime"),
            Map.entry("nostrictatime", "atime"),
            Map.entry("diratime", "diratime"),
            Map.entry("nodiratime", "diratime"),
            Map.entry("private", "propagation"),
            Map.entry("rprivate", "propagation"),
            Map.entry("shared", "propagation"),
            Map.entry("rshared", "propagation"),
            Map.entry("slave", "propagation"),
            Map.entry("rslave", "propagation"),
            Map.entry("unbindable", "propagation"),
            Map.entry("runbindable", "propagation"));

    private static final Set<String> VALUES = Set.of("size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol");

    private TmpfsOptions() {}

    /// The defaults with these over them.
    ///
    /// @throws Invalid for an option that a tmpfs does not have
    static List<String> merge(List<String> asked) {
        var merged = new LinkedHashMap<String, String>();
        DEFAULTS.forEach(option -> merged.put(FLAGS.getOrDefault(option, option), option));
        for (String option : asked) {
            int equals = option.indexOf('=');
            String key = equals > 0 ? option.substring(0, equals) : FLAGS.get(option);
            if (key == null || (equals > 0 && !VALUES.contains(key))) {
                throw new Invalid("invalid tmpfs option [\"" + option + "\"]");
            }
            merged.put(key, option);
        }
        return List.copyOf(new ArrayList<>(merged.values()));
    }
}
