package dev.gantry.engine.stream;

import dev.gantry.kernel.PolledInput;
import dev.gantry.kernel.Signal;
import dev.gantry.runtime.ContainerProcess;
import dev.gantry.runtime.ExitStatus;
import java.io.OutputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A process of which there is nothing but what it writes.
record PipedProcess(PolledInput stdout, @Nullable PolledInput stderr) implements ContainerProcess {
    @Override
    public int pid() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Instant startedAt() {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable OutputStream stdin() {
        return null;
    }

    @Override
    public void resize(int rows, int columns) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void kill(Signal signal) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ExitStatus awaitExit() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void drained() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        stdout.close();
        if (stderr != null) {
            stderr.close();
        }
    }
}
