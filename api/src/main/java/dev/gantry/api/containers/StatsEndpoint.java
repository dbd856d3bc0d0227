package dev.gantry.api.containers;

import static dev.gantry.api.containers.ContainerEndpoints.name;

import dev.gantry.api.http.Exchange;
import dev.gantry.api.http.HttpFailure;
import dev.gantry.api.http.JsonBody;
import dev.gantry.api.http.Query;
import dev.gantry.engine.Containers;
import dev.gantry.engine.EngineException.NotFound;
import dev.gantry.engine.view.StatsView;
import java.io.IOException;
import java.io.OutputStream;

/// `GET /containers/{name}/stats`: once, or one JSON object a second until the client goes or the container is
/// removed.
public final class StatsEndpoint {
    private final Containers containers;

    public StatsEndpoint(Containers containers) {
        this.containers = containers;
    }

    /// Answers with one object, or with a stream of them.
    public void handle(Exchange exchange) throws IOException, InterruptedException {
        Query query = exchange.query();
        boolean stream = query.flag("stream", true);
        boolean oneShot = query.flag("one-shot") && exchange.version().atLeast(41);
        if (stream && oneShot) {
            throw HttpFailure.badRequest("cannot have stream=true and one-shot=true");
        }
        Thread waiter = Thread.currentThread();
        if (!oneShot) {
            exchange.onDisconnect(waiter::interrupt);
        }
        StatsView first = containers.stats(name(exchange), null);
        if (stream) {
            stream(exchange, first);
        } else if (oneShot || !first.describesRunning()) {
            exchange.respondJson(200, first);
        } else {
            // two, so that the client can tell what was used between them
            exchange.respondJson(200, containers.stats(first.id(), first));
        }
    }

    /// A client that is slow to read holds up this thread alone.
    private void stream(Exchange exchange, StatsView first) throws IOException, InterruptedException {
        try (OutputStream out = exchange.stream(200, Exchange.JSON)) {
            StatsView sample = first;
            while (true) {
                out.write(JsonBody.encode(sample));
                sample = containers.stats(first.id(), sample);
            }
        } catch (NotFound _) {
            // removed: the stream has ended
        }
    }
}
