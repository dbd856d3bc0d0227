package dev.gantry.api.containers;

import dev.gantry.api.http.ApiVersion;
import dev.gantry.api.http.Exchange;
import dev.gantry.api.http.HttpFailure;
import dev.gantry.api.http.JsonBody;
import dev.gantry.engine.Attachment;
import dev.gantry.engine.EngineException;
import dev.gantry.engine.Execs;
import dev.gantry.engine.OutputSink;
import dev.gantry.engine.StreamType;
import dev.gantry.engine.request.ExecConfig;
import dev.gantry.engine.request.ExecStart;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// Further processes in running containers.
public final class ExecEndpoints {
    private static final Logger LOGGER = System.getLogger(ExecEndpoints.class.getName());
    private static final String CONSOLE_SIZE = "ConsoleSize";

    private final Execs execs;

    public ExecEndpoints(Execs execs) {
        this.execs = execs;
    }

    /// `POST /containers/{name}/exec`
    public void create(Exchange exchange) throws IOException {
        String id = execs.create(exchange.variable("name"), config(exchange));
        exchange.respondJson(201, Map.of("Id", id));
    }

    private static ExecConfig config(Exchange exchange) throws IOException {
        ExecConfig config = read(exchange, ExecConfig.class);
        if (config.cmd().isEmpty()) {
            throw HttpFailure.badRequest("No exec command specified");
        }
        return config;
    }

    /// `POST /gantry/explain/{name}/exec`: takes what create takes, and tells what the start would do.
    public void explain(Exchange exchange) throws IOException {
        exchange.respondJson(200, execs.explain(exchange.variable("name"), config(exchange)));
    }

    /// `POST /exec/{id}/start`
    public void start(Exchange exchange) throws IOException {
        ExecStart start = read(exchange, ExecStart.class);
        String id = exchange.variable("id");
        if (start.detach()) {
            execs.startDetached(id, start);
            exchange.respond(200);
            return;
        }
        boolean withInput = execs.inspect(id).openStdin();
        exchange.hijack(
                StreamEndpoints.contentType(start.tty(), exchange.version()),
                (fromClient, toClient) -> serve(id, start, withInput, fromClient, toClient));
    }

    /// A command that cannot be run is told in the stream, as dockerd does; its exit code is in the inspection.
    private void serve(String id, ExecStart start, boolean withInput, InputStream fromClient, OutputStream toClient)
            throws IOException {
        Attachment attachment;
        try {
            attachment = execs.start(id, start);
        } catch (EngineException e) {
            LOGGER.log(Level.DEBUG, "exec {0}: {1}", id, e.getMessage());
            byte[] text = (e.getMessage() + "\r\n").getBytes(StandardCharsets.UTF_8);
            OutputSink sink = start.tty() ? Frames.raw(toClient) : Frames.multiplexed(toClient);
            sink.write(StreamType.STDOUT, text, 0, text.length);
            return;
        }
        new AttachedSession(attachment, withInput).serve(fromClient, toClient);
    }

    /// `POST /exec/{id}/resize`
    public void resize(Exchange exchange) throws IOException {
        execs.resize(
                exchange.variable("id"),
                ContainerEndpoints.size(exchange, "h", "height"),
                ContainerEndpoints.size(exchange, "w", "width"));
        exchange.respond(200);
    }

    /// `GET /exec/{id}/json`
    public void inspect(Exchange exchange) throws IOException {
        exchange.respondJson(200, execs.inspect(exchange.variable("id")));
    }

    private static <T> T read(Exchange exchange, Class<T> type) throws IOException {
        ObjectNode body = exchange.json(ObjectNode.class);
        ApiVersion version = exchange.version();
        if (!version.atLeast(42)) {
            body.remove(CONSOLE_SIZE);
        }
        return JsonBody.convert(body, type);
    }
}
