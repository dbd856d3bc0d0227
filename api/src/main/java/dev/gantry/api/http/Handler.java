package dev.gantry.api.http;

import java.io.IOException;

/// Answers one kind of request. Runs on a virtual thread of its own and may block.
@FunctionalInterface
public interface Handler {
    /// Answers through the exchange, or throws what [Dispatcher] translates to a status: [HttpFailure], an engine's
    /// exception, or [IOException] when the client has gone.
    void handle(Exchange exchange) throws IOException, InterruptedException;
}
