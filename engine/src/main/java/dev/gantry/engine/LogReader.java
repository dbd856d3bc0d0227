package dev.gantry.engine;

import java.io.IOException;

/// A reader of a container's log.
public interface LogReader extends AutoCloseable {
    /// Whether the container has a terminal: output then is one raw stream.
    boolean terminal();

    /// Copies the lines, each in a frame of its own: those that were there when this was made, and with `follow` more
    /// until the container ends or this is closed.
    ///
    /// @throws IOException the sink's, or the log's
    void copyTo(OutputSink sink) throws IOException;

    /// Ends a copy that is under way. Idempotent.
    @Override
    void close();
}
