package dev.gantry.api.containers;

import static dev.gantry.api.containers.ContainerEndpoints.name;

import dev.gantry.api.http.ApiVersion;
import dev.gantry.api.http.Exchange;
import dev.gantry.api.http.HttpFailure;
import dev.gantry.api.http.Query;
import dev.gantry.engine.Attachment;
import dev.gantry.engine.Containers;
import dev.gantry.engine.LogReader;
import dev.gantry.engine.request.AttachOptions;
import dev.gantry.engine.request.LogOptions;
import java.io.IOException;
import java.io.OutputStream;

/// The streams of a container's main process: attach and logs.
public final class StreamEndpoints {
    private static final String RAW = "application/vnd.docker.raw-stream";
    private static final String MULTIPLEXED = "application/vnd.docker.multiplexed-stream";
    private static final int ALL_LINES = -1;

    private final Containers containers;

    public StreamEndpoints(Containers containers) {
        this.containers = containers;
    }

    /// The content type of output: since 1.42 it says whether there are frames.
    static String contentType(boolean terminal, ApiVersion version) {
        return !terminal && version.atLeast(42) ? MULTIPLEXED : RAW;
    }

    /// `POST /containers/{name}/attach`
    public void attach(Exchange exchange) {
        Query query = exchange.query();
        var options = new AttachOptions(
                query.flag("stdin"),
                query.flag("stdout"),
                query.flag("stderr"),
                query.flag("stream"),
                query.flag("logs"),
                ContainerEndpoints.detachKeys(query));
        Attachment attachment = containers.attach(name(exchange), options);
        boolean withInput = options.stdin() && options.stream();
        exchange.hijack(
                contentType(attachment.terminal(), exchange.version()), new AttachedSession(attachment, withInput));
    }

    /// `GET /containers/{name}/logs`
    public void logs(Exchange exchange) throws IOException {
        LogOptions options = logOptions(exchange.query());
        try (LogReader reader = containers.logs(name(exchange), options)) {
            if (options.follow()) {
                exchange.onDisconnect(reader::close);
            }
            try (OutputStream out = exchange.stream(200, contentType(reader.terminal(), exchange.version()))) {
                reader.copyTo(Frames.collected(out, reader.terminal()));
            }
        }
    }

    private static LogOptions logOptions(Query query) {
        boolean stdout = query.flag("stdout");
        boolean stderr = query.flag("stderr");
        if (!stdout && !stderr) {
            throw HttpFailure.badRequest("Bad parameters: you must choose at least one stream");
        }
        return new LogOptions(
                stdout,
                stderr,
                query.instant("since"),
                query.instant("until"),
                tail(query.text("tail")),
                query.flag("follow"),
                query.flag("timestamps"),
                query.flag("details"));
    }

    /// `all`, nothing, or what is no number is everything, as for dockerd.
    private static int tail(String text) {
        try {
            return Math.max(ALL_LINES, Integer.parseInt(text));
        } catch (NumberFormatException _) {
            return ALL_LINES;
        }
    }
}
