package dev.gantry.bundle;

import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.Pidfd;
import dev.gantry.kernel.Spawn;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the caller wants a descriptor of the process that is made, `--pidfd-socket`: it never is another process that
/// got its number.
final class PidfdSocket implements AutoCloseable {
    private final @Nullable OwnedFd connection;

    private PidfdSocket(@Nullable OwnedFd connection) {
        this.connection = connection;
    }

    /// Connects to the socket that the flags name, if they do: before anything is made that would have to be undone.
    static PidfdSocket of(Flags flags) throws IOException {
        if (flags.last("pidfd-socket").filter(path -> !path.isEmpty()).isEmpty()) {
            return new PidfdSocket(null);
        }
        // until this command ends the process is waited for by nobody else, and its number stays its own
        Spawn.becomeSubreaper();
        return new PidfdSocket(
                OwnedFd.connect(Path.of(flags.last("pidfd-socket").get())));
    }

    /// Sends a process.
    ///
    /// @param kind what runc calls it: `standard` is a container's main process, `setns` what is executed in one
    void send(int pid, String kind) throws IOException {
        if (connection != null) {
            try (Pidfd process = Pidfd.open(pid)) {
                process.descriptor().sendOver(connection, kind);
            }
        }
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
        }
    }
}
