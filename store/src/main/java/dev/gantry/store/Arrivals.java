package dev.gantry.store;

import dev.gantry.oci.Digest;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Which layers are being taken in: one at a time for each diff ID.
final class Arrivals {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private final Set<Digest> taken = new HashSet<>();

    /// The right to take in a layer, until it is closed.
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /// Waits until nobody else takes in the layer.
    Turn await(Digest diffId) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!taken.add(diffId)) {
                ended.await();
            }
        } finally {
            lock.unlock();
        }
        return () -> end(diffId);
    }

    private void end(Digest diffId) {
        lock.lock();
        try {
            taken.remove(diffId);
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
