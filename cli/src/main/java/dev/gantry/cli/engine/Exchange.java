package dev.gantry.cli.engine;

import dev.gantry.cli.http.HttpConnection;
import dev.gantry.cli.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// A good answer whose body is still to be read, or a connection that was taken over.
public final class Exchange implements AutoCloseable {
    private final HttpConnection connection;
    private final HttpResponse response;

    Exchange(HttpConnection connection, HttpResponse response) {
        this.connection = connection;
        this.response = response;
    }

    /// The answer's body, or what comes from the other side of a connection that was taken over.
    public InputStream input() {
        return response.body();
    }

    /// What goes to the other side of a connection that was taken over.
    public OutputStream output() {
        return connection.rawOutput();
    }

    /// The answer.
    public HttpResponse response() {
        return response;
    }

    /// Tells the other side that nothing more comes.
    public void closeWrite() throws IOException {
        connection.closeWrite();
    }

    /// Ends the connection; a thread blocked in [#input] is woken up with an error.
    @Override
    public void close() throws IOException {
        connection.close();
    }
}
