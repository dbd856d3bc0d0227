package dev.gantry.engine.stream;

import dev.gantry.engine.OutputSink;
import dev.gantry.engine.StreamType;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One attachment's share of the output: a queue of bounded size between the process and a client.
final class Listener {
    /// Bytes that wait for one client; two hundred that do not read hold 25 MiB (CVE-2025-64329, CVE-2022-31030).
    static final int CAPACITY = 128 * 1024;

    /// What two pipes hold at most: /proc/sys/fs/pipe-max-size.
    private static final int REST = 2 * 1024 * 1024;

    /// One frame.
    private static final class Chunk {
        private final StreamType stream;
        private final byte[] bytes;

        Chunk(StreamType stream, byte[] bytes) {
            this.stream = stream;
            this.bytes = bytes;
        }
    }

    private final boolean stdout;
    private final boolean stderr;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Chunk> queue = new ArrayDeque<>(0);
    private boolean holding;
    private int capacity = CAPACITY;
    private int queued;
    private long lost;
    private boolean ended;
    private boolean closed;

    /// @param holding whether the process waits when the queue is full; else output is lost
    Listener(boolean stdout, boolean stderr, boolean holding) {
        this.stdout = stdout;
        this.stderr = stderr;
        this.holding = holding;
    }

    boolean wants(StreamType stream) {
        return switch (stream) {
            case STDOUT -> stdout;
            case STDERR -> stderr;
        };
    }

    /// Takes output; the bytes are never changed afterwards.
    void put(StreamType stream, byte[] bytes) throws InterruptedException {
        lock.lock();
        try {
            while (holding && queued >= capacity && !closed) {
                changed.await();
            }
            if (closed) {
                return;
            }
            if (queued >= capacity) {
                lost += bytes.length;
                return;
            }
            if (lost > 0) {
                add(new Chunk(StreamType.STDERR, notice(lost)));
                lost = 0;
            }
            add(new Chunk(stream, bytes));
        } finally {
            lock.unlock();
        }
    }

    private void add(Chunk chunk) {
        queue.add(chunk);
        queued += chunk.bytes.length;
        changed.signalAll();
    }

    private static byte[] notice(long bytes) {
        return "\r\ngantry: this client did not keep up and missed %d bytes of output; the log has them\r\n"
                .formatted(bytes)
                .getBytes(StandardCharsets.UTF_8);
    }

    /// The process does not wait any longer: what it has left in its pipes waits here.
    void letGo() {
        lock.lock();
        try {
            capacity = holding ? CAPACITY + REST : capacity;
            holding = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// There will be no more output.
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The client has left.
    void close() {
        lock.lock();
        try {
            closed = true;
            queue.clear();
            queued = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /// Copies until the end of the output or until this is closed.
    void copyTo(OutputSink sink) throws IOException {
        for (Chunk chunk = take(); chunk != null; chunk = take()) {
            sink.write(chunk.stream, chunk.bytes, 0, chunk.bytes.length);
        }
    }

    private @Nullable Chunk take() throws InterruptedIOException {
        lock.lock();
        try {
            while (queue.isEmpty() && !ended && !closed) {
                changed.await();
            }
            Chunk next = queue.poll();
            if (next != null) {
                queued -= next.bytes.length;
                changed.signalAll();
            } else if (lost > 0 && !closed) {
                next = new Chunk(StreamType.STDERR, notice(lost));
                lost = 0;
            }
            return next;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for output");
        } finally {
            lock.unlock();
        }
    }
}
