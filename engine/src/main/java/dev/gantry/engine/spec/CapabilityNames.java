package dev.gantry.engine.spec;

import dev.gantry.engine.EngineException.Invalid;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Which capabilities a container gets out of `--cap-add`, `--cap-drop` and `--privileged`.
final class CapabilityNames {
    /// Docker's default set.
    static final List<String> DEFAULTS = List.of(
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_FSETID",
            "CAP_FOWNER",
            "CAP_MKNOD",
            "CAP_NET_RAW",
            "CAP_SETGID",
            "CAP_SETUID",
            "CAP_SETFCAP",
            "CAP_SETPCAP",
            "CAP_NET_BIND_SERVICE",
            "CAP_SYS_CHROOT",
            "CAP_KILL",
            "CAP_AUDIT_WRITE");

    private static final String ALL = "ALL";

    private CapabilityNames() {}

    /// Names as the kernel has them, `ALL` as it is.
    ///
    /// @param option `CapAdd` or `CapDrop`, for the error
    /// @throws Invalid for names that this kernel does not have
    static List<String> normalise(List<String> names, String option, List<String> known) {
        var normalised = new ArrayList<String>();
        for (String name : names) {
            String upper = name.toUpperCase(Locale.ROOT);
            if (!upper.equals(ALL) && !upper.startsWith("CAP_")) {
                upper = "CAP_" + upper;
            }
            if (!upper.equals(ALL) && !known.contains(upper)) {
                throw new Invalid("invalid " + option + ": unknown capability: \"" + upper + "\"");
            }
            normalised.add(upper);
        }
        return normalised;
    }

    static List<String> select(List<String> add, List<String> drop, boolean privileged, List<String> known) {
        if (privileged) {
            return known;
        }
        List<String> added = normalise(add, "CapAdd", known);
        List<String> dropped = normalise(drop, "CapDrop", known);
        Set<String> selected = new LinkedHashSet<>();
        if (added.contains(ALL)) {
            selected.addAll(known);
            selected.removeAll(dropped);
        } else {
            selected.addAll(dropped.contains(ALL) ? List.of() : DEFAULTS);
            selected.removeAll(dropped);
            selected.addAll(added);
        }
        return List.copyOf(selected);
    }
}
