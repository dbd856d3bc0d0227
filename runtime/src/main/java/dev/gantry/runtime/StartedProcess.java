package dev.gantry.runtime;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.Pidfd;
import dev.gantry.kernel.PolledInput;
import dev.gantry.kernel.Pty;
import dev.gantry.kernel.Signal;
import dev.gantry.runtime.program.part.ExitRecord;
import dev.gantry.runtime.shim.LaunchReports;
import dev.gantry.runtime.shim.Shim;
import dev.gantry.runtime.shim.StandardStreams;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A process with its shim and its streams.
final class StartedProcess implements ContainerProcess {
    private final int pid;
    /// What the shim watches: this process, or another one that stands for it.
    private final @Nullable Pidfd descriptor;
    private final Instant startedAt;
    private final Shim shim;
    private final StandardStreams streams;
    private final BooleanSupplier outOfMemory;
    private final @Nullable OutputStream input;
    private final int watched;
    /// When it was noticed that the shim is gone without a record.
    private final AtomicReference<@Nullable Instant> lostAt = new AtomicReference<>();

    /// @param outOfMemory whether the kernel killed a process of the container
    StartedProcess(
            LaunchReports.Outcome.Running running,
            Instant startedAt,
            Shim shim,
            StandardStreams streams,
            BooleanSupplier outOfMemory) {
        this.pid = running.pid();
        this.descriptor = running.process();
        this.startedAt = startedAt;
        this.shim = shim;
        this.streams = streams;
        this.outOfMemory = outOfMemory;
        OutputStream plain = streams.input();
        this.input = plain == null || streams.master() != null ? plain : new Input(plain, shim);
        this.watched = pid;
    }

    /// @param watched what the shim watches, and has the streams of the process and ends as it does
    private StartedProcess(int pid, StartedProcess watched) {
        this.pid = pid;
        this.descriptor = watched.descriptor;
        this.startedAt = watched.startedAt;
        this.shim = watched.shim;
        this.streams = watched.streams;
        this.outOfMemory = watched.outOfMemory;
        this.input = watched.input;
        this.watched = watched.pid;
    }

    /// The process that this one stands for: this one passes its streams on, and ends as it does.
    StartedProcess standingFor(int other) {
        return new StartedProcess(other, this);
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

    @Override
    public int pid() {
        return pid;
    }

    /// The process that the shim watches: this one, or the one that stands for it.
    int watched() {
        return watched;
    }

    /// What is watched by descriptor; null if it had ended before it could be opened.
    @Nullable
    Pidfd descriptor() {
        return descriptor;
    }

    @Override
    public Instant startedAt() {
        return startedAt;
    }

    @Override
    public @Nullable OutputStream stdin() {
        return input;
    }

    @Override
    public PolledInput stdout() {
        return streams.output();
    }

    @Override
    public @Nullable PolledInput stderr() {
        return streams.error();
    }

    @Override
    public void resize(int rows, int columns) throws IOException {
        OwnedFd master = streams.master();
        if (master == null) {
            throw new IllegalStateException("the process has no terminal");
        }
        Pty.resize(master, rows, columns);
    }

    @Override
    public void kill(Signal signal) throws IOException {
        if (descriptor == null) {
            return;
        }
        if (watched != pid) {
            if (!descriptor.hasEnded()) {
                Pidfd.signal(pid, signal); // whose number nobody else has before the other one has waited for it
            }
            return;
        }
        try {
            descriptor.send(signal);
        } catch (KernelException e) {
            if (!e.errno().equals(Errno.ESRCH)) {
                throw e;
            }
            // it has ended: the record comes next
        }
    }

    /// Whether the process has ended, be its status known or not.
    boolean hasEnded() throws IOException {
        return descriptor == null || descriptor.hasEnded();
    }

    @Override
    public ExitStatus awaitExit() throws IOException, InterruptedException {
        Optional<ExitRecord> record = shim.awaitExit();
        if (record.isEmpty()) {
            Instant now = Instant.now();
            Instant before = lostAt.compareAndExchange(null, now);
            return ExitStatus.unknown(before == null ? now : before, outOfMemory.getAsBoolean());
        }
        ExitRecord ended = record.get();
        return new ExitStatus(
                ended.exitCode(),
                ended.signalled() ? new Signal(ended.status()) : null,
                ended.finishedAt(),
                outOfMemory.getAsBoolean());
    }

    /// Waits for the end of a shim that has been killed.
    void awaitSupervisor() throws InterruptedIOException {
        shim.awaitEnd();
    }

    @Override
    public void drained() throws IOException {
        try {
            shim.drained();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the supervisor of process " + pid);
        }
    }

    @Override
    public void close() {
        if (descriptor != null) {
            descriptor.close();
        }
        shim.close();
        try {
            streams.close();
        } catch (IOException e) {
            // descriptors of pipes: nothing is buffered, and nothing is left to be done
            System.getLogger(StartedProcess.class.getName())
                    .log(System.Logger.Level.DEBUG, "closing the streams of process " + pid, e);
        }
    }
}
