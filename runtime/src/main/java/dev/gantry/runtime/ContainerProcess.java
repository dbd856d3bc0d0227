package dev.gantry.runtime;

import dev.gantry.kernel.PolledInput;
import dev.gantry.kernel.Signal;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A container's main process, or one that was executed in it. Thread-safe; the streams are each for one thread
/// at a time.
public interface ContainerProcess extends AutoCloseable {
    /// The process ID as the host sees it.
    int pid();

    Instant startedAt();

    /// What the process reads; null if it was not asked for. Closing it gives the process end of file, except
    /// on a terminal.
    @Nullable
    OutputStream stdin();

    /// What the process writes; with a terminal also its errors. Ends when every writer has closed it.
    PolledInput stdout();

    /// What the process writes as errors; null with a terminal.
    @Nullable
    PolledInput stderr();

    /// Sets the size of the terminal.
    ///
    /// @throws IllegalStateException without a terminal
    void resize(int rows, int columns) throws IOException;

    /// Sends a signal to the process; does nothing once it has exited. SIGKILL ends a container also when it is
    /// frozen, or a part of it.
    void kill(Signal signal) throws IOException;

    /// Waits until the process has exited; parks a virtual thread.
    ///
    /// If its supervisor is killed, nobody will know how the process ends: then this returns at once, with
    /// [ExitStatus#UNKNOWN].
    ExitStatus awaitExit() throws IOException, InterruptedException;

    /// Says that the output has been read to its end, so that the supervisor, which keeps it readable, may go,
    /// and waits until it has gone. What was kept for a later daemon of a process that was executed goes with it.
    void drained() throws IOException;

    /// Closes this side's descriptors. The process goes on.
    @Override
    void close();
}
