package dev.gantry.runtime;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Pidfd;
import dev.gantry.kernel.Poller;
import dev.gantry.kernel.Signal;
import dev.gantry.runtime.cgroup.V1Cgroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What exists on the host for one container, besides its processes.
///
/// @param state its directory below the state root
record Belongings(V1Cgroup cgroup, Path state, Poller poller) {

    /// Kills what is left and removes everything. Idempotent.
    void remove() throws IOException {
        try {
            cgroup.kill(Belongings::kill);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        cgroup.remove();
        Files.deleteIfExists(state.resolve("status"));
        Files.deleteIfExists(state);
    }

    /// Removes everything after a failure, which a second one must not hide.
    void remove(Exception failure) {
        try {
            remove();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static void kill(int pid) {
        try (Pidfd process = Pidfd.open(pid)) {
            process.send(Signal.KILL);
        } catch (KernelException e) {
            if (!e.errno().equals(Errno.ESRCH)) {
                throw new UncheckedIOException(e);
            }
            // it has ended meanwhile
        }
    }
}
