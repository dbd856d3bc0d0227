package dev.gantry.cli.engine;

import java.io.IOException;

/// The daemon said no. The message is what clients of Docker print.
public final class ApiException extends IOException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String detail;

    ApiException(int status, String detail) {
        super("Error response from daemon: " + detail);
        this.status = status;
        this.detail = detail;
    }

    /// The daemon's own words.
    public String detail() {
        return detail;
    }

    /// The HTTP status.
    public int status() {
        return status;
    }

    /// Whether what was asked for does not exist.
    public boolean isNotFound() {
        return status == 404;
    }
}
