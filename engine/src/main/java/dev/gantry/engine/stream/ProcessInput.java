package dev.gantry.engine.stream;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Standard input of a process that may not run yet, shared by all who are attached.
final class ProcessInput {
    private static final System.Logger LOGGER = System.getLogger(ProcessInput.class.getName());

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /// One client's bytes at a time; held while the process does not read.
    private final ReentrantLock writing = new ReentrantLock();
    private @Nullable OutputStream target;

    /// The process runs.
    ///
    /// @param stdin null if it has no standard input
    void open(@Nullable OutputStream stdin) {
        lock.lock();
        try {
            target = stdin == null ? OutputStream.nullOutputStream() : stdin;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The process has ended; whoever writes is told by EBADF when its streams are closed.
    void reset() {
        lock.lock();
        try {
            target = null;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Wakes who waits for the process, to look whether its client is still there.
    void look() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Parks until the process runs.
    ///
    /// @return its standard input; null when the client has left
    @Nullable
    OutputStream await(BooleanSupplier left) throws InterruptedException {
        lock.lock();
        try {
            while (target == null && !left.getAsBoolean()) {
                changed.await();
            }
            return left.getAsBoolean() ? null : target;
        } finally {
            lock.unlock();
        }
    }

    /// Writes to the process; false when it does not read any more.
    boolean write(OutputStream stdin, byte[] bytes, int length) {
        writing.lock();
        try {
            stdin.write(bytes, 0, length);
            return true;
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "standard input: {0}", e.getMessage());
            return false;
        } finally {
            writing.unlock();
        }
    }

    /// Gives the process its end of input.
    void close(OutputStream stdin) {
        writing.lock();
        try {
            stdin.close();
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "closing standard input: {0}", e.getMessage());
        } finally {
            writing.unlock();
        }
    }
}
