package dev.gantry.api.containers;

import dev.gantry.api.http.Exchange;
import dev.gantry.api.http.HttpFailure;
import dev.gantry.api.http.JsonBody;
import dev.gantry.api.http.Query;
import dev.gantry.engine.FileAccess;
import dev.gantry.engine.FileAccess.Change;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.request.CommitRequest;
import dev.gantry.engine.request.ExtractRequest;
import dev.gantry.engine.view.PathStat;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// The files of containers.
public final class FileEndpoints {
    private static final String STAT = "X-Docker-Container-Path-Stat";
    private static final String TAR = "application/x-tar";
    private static final int BUFFER = 64 << 10;

    private final FileAccess files;

    public FileEndpoints(FileAccess files) {
        this.files = files;
    }

    /// `HEAD /containers/{name}/archive`
    public void stat(Exchange exchange) throws IOException {
        setStat(exchange, files.stat(name(exchange), path(exchange)));
        exchange.respond(200);
    }

    /// `GET /containers/{name}/archive`
    public void read(Exchange exchange) throws IOException {
        try (FileAccess.Archive archive = files.read(name(exchange), path(exchange))) {
            setStat(exchange, archive.stat());
            send(exchange, archive, TAR);
        }
    }

    /// `PUT /containers/{name}/archive`
    public void extract(Exchange exchange) throws IOException {
        files.extract(
                name(exchange),
                new ExtractRequest(
                        path(exchange),
                        exchange.query().flag("noOverwriteDirNonDir"),
                        exchange.query().flag("copyUIDGID"),
                        exchange.body()));
        exchange.respond(200);
    }

    private static int number(Change.Kind kind) {
        return switch (kind) {
            case MODIFIED -> 0;
            case ADDED -> 1;
            case DELETED -> 2;
        };
    }

    /// `GET /containers/{name}/changes`
    public void changes(Exchange exchange) throws IOException {
        List<Map<String, Object>> changes = files.changes(name(exchange)).stream()
                .map(change -> Map.<String, Object>of("Path", change.path(), "Kind", number(change.kind())))
                .toList();
        if (changes.isEmpty()) {
            exchange.respond(200, Exchange.JSON, "null\n".getBytes(StandardCharsets.US_ASCII));
        } else {
            exchange.respondJson(200, changes);
        }
    }

    /// `GET /containers/{name}/export`
    public void export(Exchange exchange) throws IOException {
        try (FileAccess.Archive archive = files.export(name(exchange))) {
            send(exchange, archive, "application/octet-stream");
        }
    }

    /// `POST /commit`
    public void commit(Exchange exchange) throws IOException {
        Query query = exchange.query();
        String repository = query.text("repo");
        String tag = query.text("tag");
        String container = query.text("container");
        if (container.isEmpty()) {
            throw HttpFailure.badRequest("invalid name or ID supplied: \"\"");
        }
        String id = files.commit(new CommitRequest(
                container,
                repository.isEmpty() ? null : tag.isEmpty() ? repository : repository + ":" + tag,
                query.textOrNull("author"),
                query.textOrNull("comment"),
                query.all("changes"),
                query.text("pause").isEmpty() || query.flag("pause"),
                exchange.jsonOrNull(ContainerConfig.class)));
        exchange.respondJson(201, Map.of("Id", id));
    }

    private static void send(Exchange exchange, FileAccess.Archive archive, String type) throws IOException {
        try (OutputStream out = new BufferedOutputStream(exchange.stream(200, type), BUFFER)) {
            archive.writeTo(out);
        }
    }

    private static void setStat(Exchange exchange, PathStat stat) {
        exchange.setHeader(STAT, Base64.getEncoder().encodeToString(JsonBody.encode(stat)));
    }

    private static String path(Exchange exchange) {
        String path = exchange.query().text("path");
        if (path.isEmpty()) {
            throw HttpFailure.badRequest("bad parameter: path cannot be empty");
        }
        return path;
    }

    private static String name(Exchange exchange) {
        return exchange.variable("name");
    }
}
