package dev.gantry.cli.http;

import java.io.IOException;

/// The other side did not speak HTTP/1.1 as RFC 9112 has it, or went beyond a limit.
public final class HttpException extends IOException {
    private static final long serialVersionUID = 1;

    HttpException(String message) {
        super(message);
    }
}
