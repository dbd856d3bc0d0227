package dev.gantry.runtime.seccomp;

import dev.gantry.oci.runtime.Seccomp;
import dev.gantry.oci.runtime.Seccomp.Action;
import dev.gantry.runtime.launch.RefusedException;

/// Refuses profiles under which no command can ever be executed, and the process that is to execute it cannot say so:
/// the end of a launch would be taken for the end of its command.
///
/// Only what is denied without conditions is foreseen. A profile that kills needs no foresight: the signal tells.
public final class MuteCommand {
    private MuteCommand() {}

    /// Judges a profile before anything is made.
    ///
    /// @throws RefusedException for such a one
    public static void refuse(Seccomp seccomp) throws RefusedException {
        if (isDenied(seccomp, "execve") && isDenied(seccomp, "write")) {
            throw RuleTranslation.refused(
                    "the seccomp profile denies both execve, which executes the command, and write,"
                            + " which would report that it was not executed");
        }
    }

    private static boolean isDenied(Seccomp seccomp, String call) {
        boolean named = false;
        for (Seccomp.Syscall rule : seccomp.syscalls()) {
            if (rule.names().contains(call)) {
                if (rule.action() != Action.SCMP_ACT_ERRNO || !rule.args().isEmpty()) {
                    return false;
                }
                named = true;
            }
        }
        return named || seccomp.defaultAction() == Action.SCMP_ACT_ERRNO;
    }
}
