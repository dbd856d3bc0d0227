package dev.gantry.engine;

import org.jspecify.annotations.Nullable;

/// A subscription to events.
public interface EventStream extends AutoCloseable {
    /// Parks until the next event; null at the end of the stream.
    @Nullable
    Event next() throws InterruptedException;

    /// Ends the stream. Idempotent.
    @Override
    void close();
}
