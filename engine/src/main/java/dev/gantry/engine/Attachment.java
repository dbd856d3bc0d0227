package dev.gantry.engine;

import java.io.IOException;
import java.io.InputStream;

/// Joined streams of a process. [#copyOutput] and [#copyInput] run in two threads of the caller.
///
/// An attachment made before the process starts may hold the process back by its sink; a later one that does not
/// keep up loses output, and is told so on its standard error.
public interface Attachment extends AutoCloseable {
    /// Whether the process has a terminal: output then is one raw stream.
    boolean terminal();

    /// Copies output until the process's streams end, the keys to detach were read, or this is closed.
    ///
    /// @throws IOException the sink's
    void copyOutput(OutputSink sink) throws IOException;

    /// Copies input until its end, the keys to detach, or the end of the process. Closes the process's standard
    /// input at the end of input where it was asked to be closed after one client.
    ///
    /// @return true if the keys to detach were read
    /// @throws IOException the source's
    boolean copyInput(InputStream source) throws IOException;

    /// Leaves the process alone. Idempotent; ends both copies.
    @Override
    void close();
}
