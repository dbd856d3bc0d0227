package dev.gantry.engine;

import java.io.IOException;

/// Where output goes. Called by one thread at a time.
@FunctionalInterface
public interface OutputSink {
    /// Takes the bytes, and blocks while it cannot: that is the back-pressure. Each call is one frame.
    ///
    /// @throws IOException when the reader is gone; ends the copy
    void write(StreamType stream, byte[] bytes, int offset, int length) throws IOException;

    /// There is nothing more for the moment: what was collected should be on its way. Attachments never call it.
    ///
    /// @throws IOException when the reader is gone
    default void flush() throws IOException {
        // most collect nothing
    }
}
