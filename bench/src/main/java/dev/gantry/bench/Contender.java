package dev.gantry.bench;

import java.io.IOException;

/// One of those compared. `once` does the measured thing a single time.
interface Contender extends AutoCloseable {
    String name();

    /// Does the measured thing once and gives the nanoseconds it took, clean-up not included unless it is part of the
    /// thing.
    long once() throws IOException;

    @Override
    default void close() throws IOException {
        // most have nothing to close
    }
}
