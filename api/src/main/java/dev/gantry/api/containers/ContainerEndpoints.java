package dev.gantry.api.containers;

import dev.gantry.api.http.Exchange;
import dev.gantry.api.http.FilterParameter;
import dev.gantry.api.http.HttpFailure;
import dev.gantry.api.http.JsonBody;
import dev.gantry.api.http.Query;
import dev.gantry.api.versions.Requests;
import dev.gantry.api.versions.Responses;
import dev.gantry.engine.Containers;
import dev.gantry.engine.Created;
import dev.gantry.engine.ListOptions;
import dev.gantry.engine.Pruned;
import dev.gantry.engine.Top;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.config.NetworkingConfig;
import dev.gantry.engine.config.RestartPolicy;
import dev.gantry.engine.refusal.UnsupportedFeature;
import dev.gantry.engine.request.CreateRequest;
import dev.gantry.engine.request.RemoveOptions;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The life of containers, from create to remove.
public final class ContainerEndpoints {
    /// `{}` has two bytes; clients of old sent that, or nothing. A start with a configuration ended with 1.24.
    private static final long EMPTY_BODY = 7;

    private final Containers containers;

    public ContainerEndpoints(Containers containers) {
        this.containers = containers;
    }

    /// `GET /containers/json`
    public void list(Exchange exchange) throws IOException {
        Query query = exchange.query();
        Integer limit = query.number("limit");
        var options = new ListOptions(
                query.flag("all"), limit == null ? 0 : limit, query.flag("size"), FilterParameter.of(exchange));
        exchange.respondJson(200, Responses.containers(containers.list(options), exchange.version()));
    }

    /// `POST /containers/create`
    public void create(Exchange exchange) throws IOException {
        Created created = containers.create(createRequest(exchange));
        exchange.respondJson(201, Map.of("Id", created.id(), "Warnings", created.warnings()));
    }

    /// `POST /gantry/explain`: takes what create takes, and tells what the start would do.
    public void explain(Exchange exchange) throws IOException {
        exchange.respondJson(200, containers.explain(createRequest(exchange)));
    }

    /// The create request that a body and its query describe; also what an explanation starts from.
    private static CreateRequest createRequest(Exchange exchange) throws IOException {
        ObjectNode body = exchange.jsonOrNull(ObjectNode.class);
        if (body == null) {
            throw HttpFailure.badRequest("config cannot be empty in order to create a container");
        }
        Requests.adaptCreate(body, exchange.version());
        JsonNode networking = body.path("NetworkingConfig");
        String platform = exchange.version().atLeast(41) ? exchange.query().textOrNull("platform") : null;
        return new CreateRequest(
                exchange.query().textOrNull("name"),
                JsonBody.convert(body, ContainerConfig.class),
                JsonBody.convert(body.get("HostConfig"), HostConfig.class),
                networking.isMissingNode() || networking.isNull()
                        ? null
                        : JsonBody.convert(networking, NetworkingConfig.class),
                platform);
    }

    /// `GET /containers/{name}/json`
    public void inspect(Exchange exchange) throws IOException {
        exchange.respondJson(
                200, containers.inspect(name(exchange), exchange.query().flag("size")));
    }

    /// `GET /containers/{name}/top`
    public void top(Exchange exchange) throws IOException {
        Top top = containers.top(name(exchange), exchange.query().textOrNull("ps_args"));
        exchange.respondJson(200, Map.of("Titles", top.titles(), "Processes", top.rows()));
    }

    /// `POST /containers/{name}/start`
    public void start(Exchange exchange) throws IOException {
        if (exchange.contentLength() > EMPTY_BODY || exchange.contentLength() < 0) {
            throw HttpFailure.badRequest("starting container with non-empty request body was deprecated since API v1.22"
                    + " and removed in v1.24");
        }
        if (!exchange.query().text("checkpoint").isEmpty()) {
            throw UnsupportedFeature.CHECKPOINTS.refused();
        }
        containers.start(name(exchange), detachKeys(exchange.query()));
        exchange.respond(204);
    }

    /// The keys to detach; null when the request leaves them as they are.
    static @Nullable String detachKeys(Query query) {
        return query.textOrNull("detachKeys");
    }

    /// `POST /containers/{name}/stop`
    public void stop(Exchange exchange) throws IOException {
        containers.stop(name(exchange), stopSignal(exchange), exchange.query().number("t"));
        exchange.respond(204);
    }

    /// `POST /containers/{name}/restart`
    public void restart(Exchange exchange) throws IOException {
        containers.restart(
                name(exchange), stopSignal(exchange), exchange.query().number("t"));
        exchange.respond(204);
    }

    private static @Nullable String stopSignal(Exchange exchange) {
        return exchange.version().atLeast(42) ? exchange.query().textOrNull("signal") : null;
    }

    /// `POST /containers/{name}/kill`
    public void kill(Exchange exchange) throws IOException {
        containers.kill(name(exchange), exchange.query().textOrNull("signal"));
        exchange.respond(204);
    }

    /// `POST /containers/{name}/pause`
    public void pause(Exchange exchange) throws IOException {
        containers.pause(name(exchange));
        exchange.respond(204);
    }

    /// `POST /containers/{name}/unpause`
    public void unpause(Exchange exchange) throws IOException {
        containers.unpause(name(exchange));
        exchange.respond(204);
    }

    /// `POST /containers/{name}/update`
    public void update(Exchange exchange) throws IOException {
        ObjectNode body = exchange.json(ObjectNode.class);
        HostConfig asked = JsonBody.convert(body, HostConfig.class);
        boolean restarts = !asked.restartPolicy().equals(RestartPolicy.NO) || body.has("RestartPolicy");
        List<String> warnings =
                containers.update(name(exchange), asked.resources(), restarts ? asked.restartPolicy() : null);
        exchange.respondJson(200, Map.of("Warnings", warnings));
    }

    /// `POST /containers/{name}/rename`
    public void rename(Exchange exchange) throws IOException {
        containers.rename(name(exchange), exchange.query().text("name"));
        exchange.respond(204);
    }

    /// `DELETE /containers/{name}`
    public void remove(Exchange exchange) throws IOException {
        Query query = exchange.query();
        containers.remove(name(exchange), new RemoveOptions(query.flag("force"), query.flag("v"), query.flag("link")));
        exchange.respond(204);
    }

    /// `POST /containers/prune`
    public void prune(Exchange exchange) throws IOException {
        Pruned pruned = containers.prune(FilterParameter.of(exchange));
        exchange.respondJson(200, Map.of("ContainersDeleted", pruned.deleted(), "SpaceReclaimed", pruned.reclaimed()));
    }

    /// `POST /containers/{name}/resize`
    public void resize(Exchange exchange) throws IOException {
        containers.resize(name(exchange), size(exchange, "h", "height"), size(exchange, "w", "width"));
        exchange.respond(200);
    }

    /// Rows or columns: a whole number that a terminal can have.
    static int size(Exchange exchange, String parameter, String meaning) {
        String text = exchange.query().text(parameter);
        try {
            long value = Long.parseLong(text);
            if (value >= 0 && value <= 0xffff_ffffL) {
                // a terminal keeps 16 bits of each
                return (int) Math.min(value, 0xffff);
            }
        } catch (NumberFormatException _) {
            // refused below, with the value
        }
        throw HttpFailure.badRequest("invalid resize " + meaning + " " + Query.quote(text)
                + ": strconv.ParseUint: parsing " + Query.quote(text) + ": invalid syntax");
    }

    static String name(Exchange exchange) {
        return exchange.variable("name");
    }
}
