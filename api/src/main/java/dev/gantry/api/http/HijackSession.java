package dev.gantry.api.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// Owns a connection that has left HTTP.
@FunctionalInterface
public interface HijackSession {
    /// Talks until done; closing the connection is the caller's. The input's end is the client's half-close, not its
    /// departure. Reading and writing may happen on different threads.
    void serve(InputStream fromClient, OutputStream toClient) throws IOException, InterruptedException;

    /// Instead of [#serve] when the client has left before it was answered: lets go of what the session holds.
    default void abandon() {
        // a session that holds something says what
    }
}
