package dev.gantry.api.containers;

import static dev.gantry.api.containers.ContainerEndpoints.name;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.api.http.Exchange;
import dev.gantry.api.http.HttpFailure;
import dev.gantry.api.http.Query;
import dev.gantry.engine.Containers;
import dev.gantry.engine.WaitResult;
import dev.gantry.engine.Waiting;
import dev.gantry.engine.request.WaitCondition;
import dev.gantry.oci.Json;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// `POST /containers/{name}/wait`.
///
/// Since 1.30 the headers go out when the wait is registered, and the body when it is over: the docker client starts
/// the container in between, so that no exit is missed.
public final class WaitEndpoint {
    private final Containers containers;

    public WaitEndpoint(Containers containers) {
        this.containers = containers;
    }

    /// The answer's body.
    record Answer(
            @JsonProperty("StatusCode") int statusCode,
            @JsonProperty("Error") @Nullable Failure error) {}

    /// Why the wait did not end well.
    record Failure(@JsonProperty("Message") String message) {}

    /// Waits, and answers with the exit code.
    public void handle(Exchange exchange) throws IOException, InterruptedException {
        boolean headersFirst = exchange.version().atLeast(30);
        WaitCondition condition =
                headersFirst ? condition(exchange.query().text("condition")) : WaitCondition.NOT_RUNNING;
        try (Waiting waiting = containers.waitFor(name(exchange), condition)) {
            Thread waiter = Thread.currentThread();
            exchange.onDisconnect(waiter::interrupt);
            if (!headersFirst) {
                exchange.respondJson(200, answer(waiting.await()));
                return;
            }
            try (OutputStream out = exchange.stream(200, Exchange.JSON)) {
                out.write(Json.write(answer(waiting.await())));
                out.write('\n');
            }
        }
    }

    private static Answer answer(WaitResult result) {
        return new Answer(result.code(), result.error() == null ? null : new Failure(result.error()));
    }

    private static WaitCondition condition(String text) {
        return switch (text) {
            case "", "not-running" -> WaitCondition.NOT_RUNNING;
            case "next-exit" -> WaitCondition.NEXT_EXIT;
            case "removed" -> WaitCondition.REMOVED;
            default -> throw HttpFailure.badRequest("invalid condition: " + Query.quote(text));
        };
    }
}
