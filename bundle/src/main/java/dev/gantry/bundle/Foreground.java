package dev.gantry.bundle;

import dev.gantry.kernel.Pidfd;
import dev.gantry.kernel.Spawn;
import dev.gantry.runtime.OciRuntime;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A process that a command waits for: it has the caller's terminal, if it wants one, it gets the signals that the
/// command gets, and its exit code is the command's.
final class Foreground {
    private Foreground() {}

    /// Makes a process.
    interface Made {
        int pid(OciRuntime.CallerStreams streams) throws IOException, CommandException;
    }

    /// What is done when it has been made.
    private interface Begun {
        void begin() throws IOException, CommandException;
    }

    /// Runs a container to its end, and removes it.
    static int run(Context context, CreateCommands.Request request, boolean keep) throws IOException, CommandException {
        String id = request.id();
        boolean[] made = {false};
        try {
            return toTheEnd(
                    request.process().terminal(),
                    streams -> {
                        int pid = CreateCommands.made(context, request, streams);
                        made[0] = true;
                        return pid;
                    },
                    () -> context.runtime(runtime -> {
                        runtime.start(id);
                        return 0;
                    }));
        } finally {
            if (made[0] && !keep) {
                context.runtime((OciRuntime runtime) -> {
                    runtime.delete(id);
                    return 0;
                });
            }
        }
    }

    /// Waits for what was executed in a container.
    static int await(boolean terminal, Made made) throws IOException, CommandException {
        return toTheEnd(terminal, made, () -> {});
    }

    private static int toTheEnd(boolean terminal, Made made, Begun begun) throws IOException, CommandException {
        Spawn.becomeSubreaper();
        try (TerminalRelay relay = terminal ? TerminalRelay.open() : null) {
            PassedSignals signals = PassedSignals.begin(relay);
            try (Pidfd process = Pidfd.open(made.pid(streams(relay)))) {
                begun.begin();
                signals.passTo(process);
                int code = process.reapStatus();
                if (relay != null) {
                    relay.finish();
                }
                return code;
            }
        }
    }

    private static OciRuntime.CallerStreams streams(@Nullable TerminalRelay relay) {
        return relay == null
                ? new OciRuntime.CallerStreams.Inherited()
                : new OciRuntime.CallerStreams.Terminal(relay::begin);
    }
}
