package dev.gantry.cli.engine;

import dev.gantry.cli.http.Endpoint;
import java.io.IOException;
import java.nio.file.Files;

/// No connection to a daemon.
public final class UnreachableException extends IOException {
    private static final long serialVersionUID = 1;

    UnreachableException(Endpoint endpoint, IOException cause) {
        super(explain(endpoint, cause), cause);
    }

    private static String explain(Endpoint endpoint, IOException cause) {
        if (endpoint instanceof Endpoint.Unix(var path) && isDenied(cause)) {
            return "permission denied while trying to connect to the Gantry daemon socket at " + endpoint.text()
                    + (Files.exists(path) ? ": run as root, or join the socket's group" : "");
        }
        return "Cannot connect to the Gantry daemon at " + endpoint.text() + ". Is the gantry daemon running?";
    }

    /// The channel gives no errno, only the C library's text in its (never translated) English.
    private static boolean isDenied(IOException cause) {
        String message = cause.getMessage();
        return message != null && message.startsWith("Permission denied");
    }
}
