package dev.gantry.runtime.seccomp;

import dev.gantry.runtime.launch.RefusedException;
import java.util.List;

/// The flags that a filter is loaded with, `linux/seccomp.h`.
final class Flags {
    private static final long LOG = 1 << 1;
    private static final long SPEC_ALLOW = 1 << 2;
    private static final long NEW_LISTENER = 1 << 3;
    private static final long WAIT_KILLABLE_RECV = 1 << 5;

    private Flags() {}

    /// The flags as seccomp(2) takes them.
    ///
    /// Without any the mitigation of speculative store bypass is left to the process, as runc does since 1.2:
    /// kernels before 5.16 would make every filtered process pay for it.
    ///
    /// @param notifies whether the filter has a listener
    static long of(List<String> names, boolean notifies) throws RefusedException {
        long flags = notifies ? NEW_LISTENER : 0;
        if (names.isEmpty()) {
            return flags | SPEC_ALLOW;
        }
        for (String name : names) {
            flags |= switch (name) {
                case "SECCOMP_FILTER_FLAG_LOG" -> LOG;
                case "SECCOMP_FILTER_FLAG_SPEC_ALLOW" -> SPEC_ALLOW;
                case "SECCOMP_FILTER_FLAG_TSYNC" -> 0; // the process that loads the filter has one thread
                case "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV" -> killable(name, notifies);
                default -> throw RuleTranslation.refused("seccomp flag \"" + name + "\" is not known");
            };
        }
        return flags;
    }

    private static long killable(String name, boolean notifies) throws RefusedException {
        if (!notifies) {
            throw RuleTranslation.refused("seccomp flag " + name + ": is for SCMP_ACT_NOTIFY, which no rule has");
        }
        return WAIT_KILLABLE_RECV;
    }
}
