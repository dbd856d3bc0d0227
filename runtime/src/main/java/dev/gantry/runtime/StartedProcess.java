package dev.gantry.runtime;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.Pidfd;
import dev.gantry.kernel.Pty;
import dev.gantry.kernel.Signal;
import dev.gantry.runtime.program.part.ExitRecord;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A process with its shim and its streams.
final class StartedProcess implements AutoCloseable {
    private final int pid;
    private final Instant startedAt;
    private final Shim shim;
    private final StandardStreams streams;
    private final @Nullable OutputStream input;
    private final ReentrantLock ending = new ReentrantLock();
    private @Nullable ExitRecord ended;

    StartedProcess(int pid, Instant startedAt, Shim shim, StandardStreams streams) {
        this.pid = pid;
        this.startedAt = startedAt;
        this.shim = shim;
        this.streams = streams;
        OutputStream plain = streams.input();
        this.input = plain == null || streams.master() != null ? plain : new Input(plain, shim);
    }

    /// Standard input, of which the shim keeps a copy that must be closed too.
    private static final class Input extends FilterOutputStream {
        private final Shim shim;

        Input(OutputStream plain, Shim shim) {
            super(plain);
            this.shim = shim;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            out.close();
            shim.closeInput();
        }
    }

    int pid() {
        return pid;
    }

    Instant startedAt() {
        return startedAt;
    }

    @Nullable
    OutputStream stdin() {
        return input;
    }

    InputStream stdout() {
        return streams.output();
    }

    @Nullable
    InputStream stderr() {
        return streams.error();
    }

    void resize(int rows, int columns) throws IOException {
        OwnedFd master = streams.master();
        if (master == null) {
            throw new IllegalStateException("the process has no terminal");
        }
        Pty.resize(master, rows, columns);
    }

    void kill(Signal signal) throws IOException {
        if (hasEnded()) {
            return; // its number may belong to another process by now
        }
        try (Pidfd process = Pidfd.open(pid)) {
            process.send(signal);
        } catch (KernelException e) {
            if (!e.errno().equals(Errno.ESRCH)) {
                throw e;
            }
            // it has ended: the record comes next
        }
    }

    private boolean hasEnded() {
        ending.lock();
        try {
            return ended != null;
        } finally {
            ending.unlock();
        }
    }

    ExitRecord awaitExit() throws IOException, InterruptedException {
        ExitRecord record = shim.awaitExit();
        ending.lock();
        try {
            ended = record;
        } finally {
            ending.unlock();
        }
        return record;
    }

    /// Lets the shim go, and waits until it has gone.
    void drained() throws IOException, InterruptedException {
        shim.drained();
        shim.awaitEnd();
    }

    @Override
    public void close() throws IOException {
        streams.close();
        shim.close();
    }
}
