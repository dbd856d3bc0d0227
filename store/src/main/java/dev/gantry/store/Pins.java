package dev.gantry.store;

import dev.gantry.oci.Digest;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// Counts who needs which content in spite of its image's removal.
final class Pins {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Digest, Integer> counts = new HashMap<>();

    /// Pins until the result is run, once.
    Runnable add(Collection<Digest> content) {
        List<Digest> pinned = List.copyOf(content);
        change(pinned, 1);
        return () -> change(pinned, -1);
    }

    private void change(List<Digest> content, int difference) {
        lock.lock();
        try {
            for (Digest digest : content) {
                counts.compute(digest, (key, count) -> {
                    int next = (count == null ? 0 : count) + difference;
                    return next == 0 ? null : Integer.valueOf(next);
                });
            }
        } finally {
            lock.unlock();
        }
    }

    Set<Digest> current() {
        lock.lock();
        try {
            return Set.copyOf(counts.keySet());
        } finally {
            lock.unlock();
        }
    }
}
