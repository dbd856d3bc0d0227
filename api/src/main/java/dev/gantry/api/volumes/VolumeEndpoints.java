package dev.gantry.api.volumes;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.api.http.Exchange;
import dev.gantry.api.http.FilterParameter;
import dev.gantry.api.http.HttpFailure;
import dev.gantry.engine.Filters;
import dev.gantry.engine.Pruned;
import dev.gantry.engine.Volumes;
import dev.gantry.engine.request.VolumeRequest;
import dev.gantry.engine.view.VolumeView;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Volumes: directories that outlive containers.
public final class VolumeEndpoints {
    private final Volumes volumes;

    public VolumeEndpoints(Volumes volumes) {
        this.volumes = volumes;
    }

    /// The answer to `GET /volumes`.
    record Listing(
            @JsonProperty("Volumes") List<VolumeView> volumes,

            @JsonInclude(Include.ALWAYS) @JsonProperty("Warnings") @Nullable
            List<String> warnings) {}

    /// `GET /volumes`
    public void list(Exchange exchange) throws IOException {
        exchange.respondJson(200, new Listing(volumes.list(FilterParameter.of(exchange)), null));
    }

    /// `POST /volumes/create`
    public void create(Exchange exchange) throws IOException {
        exchange.respondJson(201, volumes.create(exchange.json(VolumeRequest.class)));
    }

    /// `GET /volumes/{name}`
    public void inspect(Exchange exchange) throws IOException {
        exchange.respondJson(200, volumes.inspect(exchange.variable("name")));
    }

    /// `PUT /volumes/{name}`: only volumes of a swarm can be changed.
    public void update(Exchange exchange) {
        VolumeView _ = volumes.inspect(exchange.variable("name"));
        throw new HttpFailure(400, "only cluster volumes can be updated");
    }

    /// `DELETE /volumes/{name}`
    public void remove(Exchange exchange) throws IOException {
        volumes.remove(exchange.variable("name"), exchange.query().flag("force"));
        exchange.respond(204);
    }

    /// `POST /volumes/prune`: volumes that have a name stay unless all are asked for; clients before 1.42 always do.
    public void prune(Exchange exchange) throws IOException {
        Filters filters = FilterParameter.of(exchange);
        if (!exchange.version().atLeast(42)) {
            Map<String, Set<String>> values = new LinkedHashMap<>(filters.values());
            values.put("all", Set.of("true"));
            filters = new Filters(values);
        }
        Pruned pruned = volumes.prune(filters);
        exchange.respondJson(200, Map.of("VolumesDeleted", pruned.deleted(), "SpaceReclaimed", pruned.reclaimed()));
    }
}
