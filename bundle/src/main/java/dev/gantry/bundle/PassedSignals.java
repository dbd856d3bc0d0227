package dev.gantry.bundle;

import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Pidfd;
import dev.gantry.kernel.Signal;
import dev.gantry.kernel.signal.CaughtSignals;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Passes the signals that this command gets on to a process, from before the process is there, in the order in which
/// they come. A change of the terminal's size is none of them: it becomes one of the process's terminal.
final class PassedSignals {
    private static final Signal RESIZED = new Signal(28);
    /// SIGCHLD and SIGURG: as runc.
    private static final Set<Signal> OWN = Set.of(new Signal(17), new Signal(23));

    private final CompletableFuture<Pidfd> process = new CompletableFuture<>();

    private PassedSignals() {}

    static PassedSignals begin(@Nullable TerminalRelay relay) throws KernelException {
        Set<Signal> wanted = new HashSet<>(CaughtSignals.possible());
        wanted.removeAll(OWN);
        CaughtSignals caught = CaughtSignals.of(wanted);
        PassedSignals passed = new PassedSignals();
        Thread.ofPlatform().daemon().name("signals").start(() -> {
            while (true) {
                try {
                    passed.pass(caught.next(), relay);
                } catch (IOException _) {
                    // the process has ended, and nobody needs this any more
                }
            }
        });
        return passed;
    }

    private void pass(Signal signal, @Nullable TerminalRelay relay) throws IOException {
        if (!signal.equals(RESIZED)) {
            process.join().signal(signal);
        } else if (relay != null) {
            relay.resize();
        }
    }

    /// From now on the process gets them, also what has come before.
    void passTo(Pidfd made) {
        process.complete(made);
    }
}
