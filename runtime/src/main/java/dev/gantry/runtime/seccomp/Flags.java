package dev.gantry.runtime.seccomp;

import dev.gantry.runtime.launch.RefusedException;
import java.util.List;

/// The flags that a filter is loaded with, `linux/seccomp.h`.
final class Flags {
    private static final long LOG = 1 << 1;
    private static final long SPEC_ALLOW = 1 << 2;

    private Flags() {}

    /// The flags as seccomp(2) takes them.
    ///
    /// Without any the mitigation of speculative store bypass is left to the process, as runc does since 1.2:
    /// kernels before 5.16 would make every filtered process pay for it.
    static long of(List<String> names) throws RefusedException {
        if (names.isEmpty()) {
            return SPEC_ALLOW;
        }
        long flags = 0;
        for (String name : names) {
            flags |= switch (name) {
                case "SECCOMP_FILTER_FLAG_LOG" -> LOG;
                case "SECCOMP_FILTER_FLAG_SPEC_ALLOW" -> SPEC_ALLOW;
                case "SECCOMP_FILTER_FLAG_TSYNC" -> 0; // the process that loads the filter has one thread
                case "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV" ->
                    throw RuleTranslation.refused(
                            "seccomp flag " + name + ": is for SCMP_ACT_NOTIFY, which is not supported");
                default -> throw RuleTranslation.refused("seccomp flag \"" + name + "\" is not known");
            };
        }
        return flags;
    }
}
