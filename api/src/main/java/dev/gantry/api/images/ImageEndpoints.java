package dev.gantry.api.images;

import dev.gantry.api.http.Exchange;
import dev.gantry.api.http.FilterParameter;
import dev.gantry.api.http.HttpFailure;
import dev.gantry.api.http.Query;
import dev.gantry.api.versions.Responses;
import dev.gantry.engine.EngineException;
import dev.gantry.engine.Filters;
import dev.gantry.engine.Images;
import dev.gantry.engine.Images.PrunedImages;
import dev.gantry.engine.refusal.UnsupportedFeature;
import dev.gantry.engine.request.ImportRequest;
import dev.gantry.engine.request.Login;
import dev.gantry.engine.request.PullRequest;
import dev.gantry.engine.request.PushRequest;
import dev.gantry.oci.Platform;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The images of this host.
public final class ImageEndpoints {
    private final Images images;

    public ImageEndpoints(Images images) {
        this.images = images;
    }

    /// `GET /images/json`
    public void list(Exchange exchange) throws IOException {
        Filters filters = FilterParameter.of(exchange);
        String pattern = exchange.query().text("filter");
        if (!exchange.version().atLeast(25) && !pattern.isEmpty() && !filters.has("reference")) {
            var values = new LinkedHashMap<>(filters.values());
            values.put("reference", Set.of(pattern));
            filters = new Filters(values);
        }
        Query query = exchange.query();
        boolean manifests = exchange.version().atLeast(47) && query.flag("manifests");
        exchange.respondJson(
                200,
                Responses.images(
                        images.list(query.flag("all"), filters, manifests),
                        query.flag("shared-size"),
                        exchange.version()));
    }

    /// `GET /images/{name}/json`
    public void inspect(Exchange exchange) throws IOException {
        Platform platform = exchange.version().atLeast(49) ? PlatformParameter.one(exchange, "platform") : null;
        boolean manifests = exchange.version().atLeast(48) && exchange.query().flag("manifests");
        if (manifests && platform != null) {
            throw HttpFailure.badRequest("conflicting options: manifests and platform options cannot both be set");
        }
        exchange.respondJson(
                200, Responses.image(images.inspect(name(exchange), platform, manifests), exchange.version()));
    }

    /// `GET /images/{name}/history`
    public void history(Exchange exchange) throws IOException {
        Platform platform = exchange.version().atLeast(48) ? PlatformParameter.one(exchange, "platform") : null;
        exchange.respondJson(200, images.history(name(exchange), platform));
    }

    /// `POST /images/{name}/tag`
    public void tag(Exchange exchange) throws IOException {
        images.tag(
                name(exchange), exchange.query().text("repo"), exchange.query().textOrNull("tag"));
        exchange.respond(201);
    }

    /// `DELETE /images/{name}`
    public void remove(Exchange exchange) throws IOException {
        if (name(exchange).isBlank()) {
            throw HttpFailure.badRequest("image name cannot be blank");
        }
        Query query = exchange.query();
        List<Platform> platforms =
                exchange.version().atLeast(50) ? PlatformParameter.all(exchange, "platforms") : List.of();
        exchange.respondJson(200, images.remove(name(exchange), query.flag("force"), query.flag("noprune"), platforms));
    }

    /// `POST /images/prune`
    public void prune(Exchange exchange) throws IOException {
        PrunedImages pruned = images.prune(FilterParameter.of(exchange));
        exchange.respondJson(200, Map.of("ImagesDeleted", pruned.deleted(), "SpaceReclaimed", pruned.reclaimed()));
    }

    /// `POST /images/create`: an import, or a pull.
    public void create(Exchange exchange) throws IOException {
        String from = exchange.query().text("fromImage");
        if (from.isEmpty()) {
            importTar(exchange);
        } else {
            pull(exchange, withTag(from, exchange.query().text("tag")));
        }
    }

    private void importTar(Exchange exchange) throws IOException {
        Query query = exchange.query();
        String source = query.text("fromSrc");
        if (!source.equals("-")) {
            throw UnsupportedFeature.IMPORT_OF_URLS.refused(Query.quote(source));
        }
        String repository = query.text("repo");
        String message = query.textOrNull("message");
        String id;
        var archive = new Upload(exchange.body());
        try {
            id = images.importTar(new ImportRequest(
                    archive,
                    repository.isEmpty() ? null : withTag(repository, query.text("tag")),
                    query.all("changes"),
                    message == null ? "Imported from " + source : message,
                    exchange.version().atLeast(32) ? query.textOrNull("platform") : null));
        } catch (EngineException.Failed e) {
            if (archive.isBroken()) {
                throw new HttpFailure(400, "the archive ended before its end: " + e.getMessage());
            }
            throw e;
        }
        exchange.respond(200, Exchange.JSON, ProgressStream.line(Map.of("status", id)));
    }

    private void pull(Exchange exchange, String reference) throws IOException {
        var request = new PullRequest(
                reference,
                exchange.query().text("tag").isEmpty(),
                exchange.version().atLeast(32) ? exchange.query().textOrNull("platform") : null,
                RegistryAuth.of(exchange));
        ProgressStream.answer(exchange, progress -> images.pull(request, progress));
    }

    /// `POST /images/{name}/push`
    public void push(Exchange exchange) throws IOException {
        Login login = RegistryAuth.ofPush(exchange);
        Platform platform = exchange.version().atLeast(46) ? PlatformParameter.one(exchange, "platform") : null;
        var request = new PushRequest(
                withTag(name(exchange), exchange.query().text("tag")),
                platform == null ? null : platform.toString(),
                login);
        ProgressStream.answer(exchange, progress -> images.push(request, progress, progress::notice));
    }

    /// A repository with its tag, which may be a digest.
    private static String withTag(String repository, String tag) {
        if (tag.isEmpty()) {
            return repository;
        }
        return repository + (tag.contains(":") ? "@" : ":") + tag;
    }

    private static String name(Exchange exchange) {
        return exchange.variable("name");
    }
}
