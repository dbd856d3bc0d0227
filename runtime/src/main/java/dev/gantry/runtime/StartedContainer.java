package dev.gantry.runtime;

import dev.gantry.kernel.SafeDirectory;
import dev.gantry.kernel.Signal;
import dev.gantry.runtime.program.part.ExitRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A container that [HostRuntime] has started.
final class StartedContainer implements RunningContainer {
    private final StartedProcess process;
    private final String id;
    private final Belongings belongings;
    private final SafeDirectory root;

    StartedContainer(StartedProcess process, String id, Belongings belongings, SafeDirectory root) {
        this.process = process;
        this.id = id;
        this.belongings = belongings;
        this.root = root;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public int pid() {
        return process.pid();
    }

    @Override
    public Instant startedAt() {
        return process.startedAt();
    }

    @Override
    public @Nullable OutputStream stdin() {
        return process.stdin();
    }

    @Override
    public InputStream stdout() {
        return process.stdout();
    }

    @Override
    public @Nullable InputStream stderr() {
        return process.stderr();
    }

    @Override
    public void resize(int rows, int columns) throws IOException {
        process.resize(rows, columns);
    }

    @Override
    public void kill(Signal signal) throws IOException {
        process.kill(signal);
    }

    @Override
    public ExitStatus awaitExit() throws IOException, InterruptedException {
        ExitRecord record = process.awaitExit();
        return new ExitStatus(
                record.exitCode(),
                record.signalled() ? new Signal(record.status()) : null,
                record.finishedAt(),
                outOfMemory());
    }

    @Override
    public void drained() throws IOException {
        try {
            process.drained();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the supervisor of " + id);
        }
    }

    @Override
    public void pause() throws IOException {
        belongings.cgroup().freeze();
    }

    @Override
    public void resume() throws IOException {
        belongings.cgroup().thaw();
    }

    @Override
    public List<Integer> processes() throws IOException {
        return belongings.cgroup().processes();
    }

    @Override
    public boolean outOfMemory() {
        return belongings.cgroup().outOfMemoryKills() > 0;
    }

    @Override
    public void delete() throws IOException {
        belongings.remove();
    }

    @Override
    public SafeDirectory root() {
        return root;
    }

    @Override
    public void close() {
        root.close();
        try {
            process.close();
        } catch (IOException e) {
            // descriptors of pipes: nothing is buffered, and nothing is left to be done
            System.getLogger(StartedContainer.class.getName())
                    .log(System.Logger.Level.DEBUG, "closing the streams of " + id, e);
        }
    }
}
