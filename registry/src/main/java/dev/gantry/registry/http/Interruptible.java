package dev.gantry.registry.http;

import java.io.InterruptedIOException;
import java.util.concurrent.locks.ReentrantLock;

/// Waiting that ends when the thread is interrupted, in the words of methods that do I/O.
public final class Interruptible {
    private Interruptible() {}

    /// Takes the lock.
    ///
    /// @throws InterruptedIOException without the lock; the thread stays interrupted
    public static void lock(ReentrantLock lock) throws InterruptedIOException {
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }
}
