package dev.gantry.api;

import dev.gantry.api.containers.ContainerEndpoints;
import dev.gantry.api.containers.ExecEndpoints;
import dev.gantry.api.containers.FileEndpoints;
import dev.gantry.api.containers.StatsEndpoint;
import dev.gantry.api.containers.StreamEndpoints;
import dev.gantry.api.containers.WaitEndpoint;
import dev.gantry.api.http.Exchange;
import dev.gantry.api.http.Handler;
import dev.gantry.api.http.HttpFailure;
import dev.gantry.api.http.Route;
import dev.gantry.api.images.ArchiveEndpoints;
import dev.gantry.api.images.ImageEndpoints;
import dev.gantry.api.images.RegistryEndpoints;
import dev.gantry.api.system.EventsEndpoint;
import dev.gantry.api.system.SystemEndpoints;
import dev.gantry.api.volumes.VolumeEndpoints;
import dev.gantry.engine.Engine;
import dev.gantry.engine.refusal.UnsupportedFeature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Every endpoint of the Docker Engine API, in the order of its document: what answers, and what does not yet.
final class Endpoints {
    private Endpoints() {}

    static List<Route> of(Engine engine, SystemEndpoints.Build build) {
        List<Route> routes = new ArrayList<>();
        routes.addAll(containers(engine));
        routes.addAll(execs(engine));
        routes.addAll(images(engine));
        routes.addAll(volumes(engine));
        routes.addAll(system(engine, build));
        routes.addAll(comingEndpoints());
        routes.addAll(swarm());
        return routes;
    }

    private static List<Route> containers(Engine engine) {
        var containers = new ContainerEndpoints(engine.containers());
        var streams = new StreamEndpoints(engine.containers());
        var wait = new WaitEndpoint(engine.containers());
        var stats = new StatsEndpoint(engine.containers());
        var files = new FileEndpoints(engine.files());
        return List.of(
                Route.of("GET", "/containers/json", containers::list),
                Route.of("POST", "/containers/create", containers::create),
                Route.of("POST", "/gantry/explain", containers::explain),
                Route.of("POST", "/containers/prune", containers::prune).since(25),
                Route.of("GET", "/containers/{name}/json", containers::inspect),
                Route.of("GET", "/containers/{name}/top", containers::top),
                Route.of("GET", "/containers/{name}/logs", streams::logs),
                Route.of("POST", "/containers/{name}/attach", streams::attach),
                Route.of("GET", "/containers/{name}/attach/ws", notYet(engine, UnsupportedFeature.WEBSOCKETS)),
                Route.of("POST", "/containers/{name}/start", containers::start),
                Route.of("POST", "/containers/{name}/stop", containers::stop),
                Route.of("POST", "/containers/{name}/restart", containers::restart),
                Route.of("POST", "/containers/{name}/kill", containers::kill),
                Route.of("POST", "/containers/{name}/pause", containers::pause),
                Route.of("POST", "/containers/{name}/unpause", containers::unpause),
                Route.of("POST", "/containers/{name}/rename", containers::rename),
                Route.of("POST", "/containers/{name}/resize", containers::resize),
                Route.of("POST", "/containers/{name}/wait", wait::handle),
                Route.of("POST", "/containers/{name}/update", containers::update),
                Route.of("GET", "/containers/{name}/changes", files::changes),
                Route.of("GET", "/containers/{name}/export", files::export),
                Route.of("GET", "/containers/{name}/stats", stats::handle),
                Route.of("HEAD", "/containers/{name}/archive", files::stat),
                Route.of("GET", "/containers/{name}/archive", files::read),
                Route.of("PUT", "/containers/{name}/archive", files::extract),
                Route.of("POST", "/commit", files::commit),
                Route.of("DELETE", "/containers/{name}", containers::remove));
    }

    private static List<Route> execs(Engine engine) {
        var execs = new ExecEndpoints(engine.execs());
        return List.of(
                Route.of("POST", "/containers/{name}/exec", execs::create),
                Route.of("POST", "/gantry/explain/{name}/exec", execs::explain),
                Route.of("POST", "/exec/{id}/start", execs::start),
                Route.of("POST", "/exec/{id}/resize", execs::resize),
                Route.of("GET", "/exec/{id}/json", execs::inspect));
    }

    private static List<Route> images(Engine engine) {
        var images = new ImageEndpoints(engine.images());
        var archives = new ArchiveEndpoints(engine.images());
        var registries = new RegistryEndpoints(engine.registries());
        return List.of(
                Route.of("GET", "/images/json", images::list),
                Route.of("POST", "/images/create", images::create),
                Route.of("POST", "/images/load", archives::load),
                Route.of("POST", "/images/prune", images::prune).since(25),
                Route.of("GET", "/images/search", registries::search),
                Route.of("GET", "/images/get", archives::saveSeveral),
                Route.of("GET", "/images/{name*}/json", images::inspect),
                Route.of("GET", "/images/{name*}/history", images::history),
                Route.of("GET", "/images/{name*}/get", archives::save),
                Route.of("POST", "/images/{name*}/push", images::push),
                Route.of("POST", "/images/{name*}/tag", images::tag),
                Route.of("DELETE", "/images/{name*}", images::remove),
                Route.of("POST", "/build", notYet(UnsupportedFeature.BUILD)),
                // there is no cache yet: nothing to remove, which clients that prune everything are to be told
                Route.of(
                                "POST",
                                "/build/prune",
                                exchange -> exchange.respondJson(
                                        200, Map.of("CachesDeleted", List.of(), "SpaceReclaimed", 0)))
                        .since(31),
                Route.of("POST", "/build/cancel", notYet(UnsupportedFeature.BUILD))
                        .since(39),
                Route.of("POST", "/auth", registries::login),
                Route.of("GET", "/gantry/manifests/{name*}", registries::manifests),
                Route.of("GET", "/distribution/{name*}/json", registries::distribution)
                        .since(30));
    }

    private static List<Route> system(Engine engine, SystemEndpoints.Build build) {
        var system = new SystemEndpoints(engine, build);
        var events = new EventsEndpoint(engine.events());
        return List.of(
                Route.of("GET", "/_ping", system::ping),
                Route.of("HEAD", "/_ping", system::ping),
                Route.of("GET", "/version", system::version),
                Route.of("GET", "/info", system::info),
                Route.of("GET", "/events", events::handle),
                Route.of("GET", "/system/df", system::diskUsage).since(25),
                Route.of("GET", "/gantry/system/df", system::imageStoreUsage),
                Route.of("GET", "/gantry/system/prune", system::prunePreview),
                Route.of("POST", "/gantry/system/check", system::check));
    }

    private static List<Route> volumes(Engine engine) {
        var volumes = new VolumeEndpoints(engine.volumes());
        return List.of(
                Route.of("GET", "/volumes", volumes::list),
                Route.of("POST", "/volumes/create", volumes::create),
                Route.of("POST", "/volumes/prune", volumes::prune).since(25),
                Route.of("GET", "/volumes/{name}", volumes::inspect),
                Route.of("PUT", "/volumes/{name}", volumes::update).since(42),
                Route.of("DELETE", "/volumes/{name}", volumes::remove));
    }

    private static List<Route> comingEndpoints() {
        return List.of(
                Route.of("GET", "/networks", notYet(UnsupportedFeature.NETWORKS, "listing")),
                Route.of("POST", "/networks/create", notYet(UnsupportedFeature.NETWORKS, "creating")),
                // as above: there is no network that anybody has made
                Route.of(
                                "POST",
                                "/networks/prune",
                                exchange -> exchange.respondJson(200, Map.of("NetworksDeleted", List.of())))
                        .since(25),
                Route.of("GET", "/networks/{name}", exchange -> network(exchange, "inspecting")),
                Route.of("DELETE", "/networks/{name}", exchange -> network(exchange, "removing")),
                Route.of("POST", "/networks/{name}/connect", exchange -> network(exchange, "connecting to")),
                Route.of("POST", "/networks/{name}/disconnect", exchange -> network(exchange, "disconnecting from")),
                Route.of("POST", "/session", notYet(UnsupportedFeature.BUILDKIT)),
                Route.of("POST", "/grpc", notYet(UnsupportedFeature.BUILDKIT)),
                Route.of("GET", "/plugins", exchange -> exchange.respondJson(200, List.of())),
                Route.of("GET", "/plugins/{name*}/json", Endpoints::noPlugin),
                Route.of("DELETE", "/plugins/{name*}", Endpoints::noPlugin),
                Route.of("POST", "/plugins/{name*}", notYet(UnsupportedFeature.PLUGINS)));
    }

    /// Swarm mode: Docker's answer of a host that is no manager, for every endpoint that needs one.
    private static List<Route> swarm() {
        Handler refuse = _ -> {
            throw new HttpFailure(
                    503,
                    "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect"
                            + " this node to swarm and try again.");
        };
        List<Route> routes = new ArrayList<>();
        routes.add(Route.of("POST", "/swarm/leave", _ -> {
            throw new HttpFailure(503, "This node is not part of a swarm");
        }));
        for (String kind : List.of("swarm", "nodes", "services", "tasks", "secrets", "configs")) {
            for (String method : List.of("GET", "POST", "DELETE")) {
                routes.add(Route.of(method, "/" + kind, refuse));
                routes.add(Route.of(method, "/" + kind + "/{rest*}", refuse));
            }
        }
        return routes;
    }

    private static void noPlugin(Exchange exchange) {
        throw new HttpFailure(404, "plugin \"" + exchange.variable("name") + "\" not found");
    }

    /// The networks that every host has are there, but nothing can be done with them yet; others are not.
    private static void network(Exchange exchange, String doing) {
        String name = exchange.variable("name");
        if (!Set.of("bridge", "host", "none").contains(name)) {
            throw new HttpFailure(404, "network " + name + " not found");
        }
        throw UnsupportedFeature.NETWORKS.refused(doing);
    }

    /// As below, for what is asked of a container: one that is not there is the first thing to tell.
    private static Handler notYet(Engine engine, UnsupportedFeature feature) {
        return exchange -> {
            var _ = engine.containers().inspect(exchange.variable("name"), false);
            throw feature.refused();
        };
    }

    private static Handler notYet(UnsupportedFeature feature, Object... values) {
        return _ -> {
            throw feature.refused(values);
        };
    }
}
