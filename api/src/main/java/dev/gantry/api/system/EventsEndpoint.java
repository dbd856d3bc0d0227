package dev.gantry.api.system;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.api.http.Exchange;
import dev.gantry.api.http.FilterParameter;
import dev.gantry.api.http.HttpFailure;
import dev.gantry.api.http.Query;
import dev.gantry.engine.Event;
import dev.gantry.engine.EventStream;
import dev.gantry.engine.Events;
import dev.gantry.oci.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `GET /events`: one JSON object a line, each sent at once, until the client goes.
public final class EventsEndpoint {
    private final Events events;

    public EventsEndpoint(Events events) {
        this.events = events;
    }

    /// An event on the wire; the first three are what there was before 1.22, and clients still read them.
    record Message(
            @JsonProperty("status") @Nullable String status,
            @JsonProperty("id") @Nullable String id,
            @JsonProperty("from") @Nullable String from,
            @JsonProperty("Type") String type,
            @JsonProperty("Action") String action,
            @JsonProperty("Actor") Actor actor,
            @JsonProperty("scope") String scope,
            @JsonProperty("time") long time,
            @JsonProperty("timeNano") long timeNano) {
        static Message of(Event event) {
            boolean container = event.type().equals("container");
            boolean legacy = container || event.type().equals("image");
            Instant time = event.time();
            return new Message(
                    legacy ? event.action() : null,
                    legacy ? event.actorId() : null,
                    container ? event.attributes().get("image") : null,
                    event.type(),
                    event.action(),
                    new Actor(event.actorId(), event.attributes()),
                    "local",
                    time.getEpochSecond(),
                    time.getEpochSecond() * 1_000_000_000L + time.getNano());
        }
    }

    /// Whom it happened to.
    record Actor(
            @JsonProperty("ID") String id,
            @JsonProperty("Attributes") Map<String, String> attributes) {}

    /// Streams the events.
    public void handle(Exchange exchange) throws IOException, InterruptedException {
        Query query = exchange.query();
        Instant since = query.instant("since");
        Instant until = query.instant("until");
        if (since != null && until != null && until.isBefore(since)) {
            throw HttpFailure.badRequest("`since` time (" + query.text("since") + ") cannot be after `until` time ("
                    + query.text("until") + ")");
        }
        // image create events came with 1.46
        boolean withImageCreate = exchange.version().atLeast(46);
        try (EventStream stream = events.subscribe(FilterParameter.of(exchange), since, until)) {
            exchange.onDisconnect(stream::close);
            try (OutputStream out = exchange.stream(200, Exchange.JSON)) {
                Event event = stream.next();
                while (event != null) {
                    if (withImageCreate || !isImageCreate(event)) {
                        out.write(line(event));
                    }
                    event = stream.next();
                }
            }
        }
    }

    private static boolean isImageCreate(Event event) {
        return event.type().equals("image") && event.action().equals("create");
    }

    private static byte[] line(Event event) {
        byte[] json = Json.write(Message.of(event));
        byte[] line = new byte[json.length + 1];
        System.arraycopy(json, 0, line, 0, json.length);
        line[json.length] = '\n';
        return line;
    }
}
