package dev.gantry.bundle;

import dev.gantry.kernel.Pidfd;
import dev.gantry.kernel.Spawn;
import dev.gantry.runtime.OciRuntime;
import java.io.IOException;

/// A container that a command waits for, whose exit code is the command's.
final class Foreground {
    private Foreground() {}

    /// Makes a process.
    interface Made {
        int pid() throws IOException, CommandException;
    }

    /// Runs a container to its end, and removes it.
    static int run(Context context, String id, boolean keep, Made made) throws IOException, CommandException {
        Spawn.becomeSubreaper();
        int pid = made.pid();
        try {
            context.runtime(runtime -> {
                runtime.start(id);
                return 0;
            });
            return exitCode(pid);
        } finally {
            if (!keep) {
                context.runtime((OciRuntime runtime) -> {
                    runtime.delete(id);
                    return 0;
                });
            }
        }
    }

    /// Waits for what was executed in a container.
    static int await(Made made) throws IOException, CommandException {
        Spawn.becomeSubreaper();
        return exitCode(made.pid());
    }

    private static int exitCode(int pid) throws IOException {
        try (Pidfd process = Pidfd.open(pid)) {
            return process.reapStatus();
        }
    }
}
