package dev.gantry.engine;

import java.io.IOException;

/// Where output goes. Called by one thread at a time.
@FunctionalInterface
public interface OutputSink {
    /// Takes the bytes, and blocks while it cannot: that is the back-pressure. Each call is one frame.
    ///
    /// @throws IOException when the reader is gone; ends the copy
    void write(StreamType stream, byte[] bytes, int offset, int length) throws IOException;
}
