package dev.gantry.api;

import dev.gantry.api.containers.ContainerEndpoints;
import dev.gantry.api.containers.ExecEndpoints;
import dev.gantry.api.containers.StatsEndpoint;
import dev.gantry.api.containers.StreamEndpoints;
import dev.gantry.api.containers.WaitEndpoint;
import dev.gantry.api.http.Exchange;
import dev.gantry.api.http.Handler;
import dev.gantry.api.http.HttpFailure;
import dev.gantry.api.http.Route;
import dev.gantry.api.images.ImageEndpoints;
import dev.gantry.api.system.EventsEndpoint;
import dev.gantry.api.system.SystemEndpoints;
import dev.gantry.engine.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Every endpoint of the Docker Engine API, in the order of its document: what answers, and what does not yet.
final class Endpoints {
    private Endpoints() {}

    static List<Route> of(Engine engine, SystemEndpoints.Build build) {
        List<Route> routes = new ArrayList<>();
        routes.addAll(containers(engine));
        routes.addAll(execs(engine));
        routes.addAll(images(engine));
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
        return List.of(
                Route.of("GET", "/containers/json", containers::list),
                Route.of("POST", "/containers/create", containers::create),
                Route.of("POST", "/gantry/explain", containers::explain),
                Route.of("POST", "/containers/prune", containers::prune).since(25),
                Route.of("GET", "/containers/{name}/json", containers::inspect),
                Route.of("GET", "/containers/{name}/top", containers::top),
                Route.of("GET", "/containers/{name}/logs", streams::logs),
                Route.of("POST", "/containers/{name}/attach", streams::attach),
                Route.of("GET", "/containers/{name}/attach/ws", notYet(engine, "attaching over a websocket")),
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
                Route.of("GET", "/containers/{name}/changes", notYet(engine, "listing a container's changes")),
                Route.of("GET", "/containers/{name}/export", notYet(engine, "exporting a container")),
                Route.of("GET", "/containers/{name}/stats", stats::handle),
                Route.of("HEAD", "/containers/{name}/archive", notYet(engine, "copying from a container")),
                Route.of("GET", "/containers/{name}/archive", notYet(engine, "copying from a container")),
                Route.of("PUT", "/containers/{name}/archive", notYet(engine, "copying to a container")),
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
        return List.of(
                Route.of("GET", "/images/json", images::list),
                Route.of("POST", "/images/create", images::create),
                Route.of("POST", "/images/load", notYet("loading images")),
                Route.of("POST", "/images/prune", images::prune).since(25),
                Route.of("GET", "/images/search", notYet("searching a registry")),
                Route.of("GET", "/images/get", notYet("saving images")),
                Route.of("GET", "/images/{name*}/json", images::inspect),
                Route.of("GET", "/images/{name*}/history", images::history),
                Route.of("GET", "/images/{name*}/get", notYet("saving images")),
                Route.of("POST", "/images/{name*}/push", notYet("pushing to a registry")),
                Route.of("POST", "/images/{name*}/tag", images::tag),
                Route.of("DELETE", "/images/{name*}", images::remove),
                Route.of("POST", "/commit", notYet("committing a container")),
                Route.of("POST", "/build", notYet("building images")),
                Route.of("POST", "/build/prune", notYet("building images")).since(31),
                Route.of("POST", "/build/cancel", notYet("building images")).since(39),
                Route.of("GET", "/distribution/{name*}/json", notYet("asking a registry for a digest"))
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
                Route.of("POST", "/gantry/system/check", system::check),
                Route.of("POST", "/auth", notYet("logging in to a registry")));
    }

    private static List<Route> comingEndpoints() {
        return List.of(
                Route.of("GET", "/volumes", notYet("listing volumes")),
                Route.of("POST", "/volumes/create", notYet("creating volumes")),
                Route.of("POST", "/volumes/prune", notYet("removing volumes")).since(25),
                Route.of("GET", "/volumes/{name}", Endpoints::noVolume),
                Route.of("PUT", "/volumes/{name}", notYet("updating volumes")).since(42),
                Route.of("DELETE", "/volumes/{name}", Endpoints::noVolume),
                Route.of("GET", "/networks", notYet("listing networks")),
                Route.of("POST", "/networks/create", notYet("creating networks")),
                Route.of("POST", "/networks/prune", notYet("removing networks")).since(25),
                Route.of("GET", "/networks/{name}", exchange -> network(exchange, "inspecting")),
                Route.of("DELETE", "/networks/{name}", exchange -> network(exchange, "removing")),
                Route.of("POST", "/networks/{name}/connect", exchange -> network(exchange, "connecting to")),
                Route.of("POST", "/networks/{name}/disconnect", exchange -> network(exchange, "disconnecting from")),
                Route.of("POST", "/session", notYet("building images with BuildKit")),
                Route.of("POST", "/grpc", notYet("building images with BuildKit")),
                Route.of("GET", "/plugins", exchange -> exchange.respondJson(200, List.of())),
                Route.of("GET", "/plugins/{name*}/json", Endpoints::noPlugin),
                Route.of("DELETE", "/plugins/{name*}", Endpoints::noPlugin),
                Route.of("POST", "/plugins/{name*}", notYet("installing plugins")));
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

    /// No volume has a name that a user could know yet: clients that look for a thing of any kind go on.
    private static void noVolume(Exchange exchange) {
        throw new HttpFailure(404, "get " + exchange.variable("name") + ": no such volume");
    }

    /// The networks that every host has are there, but nothing can be done with them yet; others are not.
    private static void network(Exchange exchange, String doing) {
        String name = exchange.variable("name");
        if (!Set.of("bridge", "host", "none").contains(name)) {
            throw new HttpFailure(404, "network " + name + " not found");
        }
        throw HttpFailure.notImplemented(doing + " networks is not supported yet");
    }

    /// As below, for what is asked of a container: one that is not there is the first thing to tell.
    private static Handler notYet(Engine engine, String feature) {
        return exchange -> {
            var _ = engine.containers().inspect(exchange.variable("name"), false);
            throw HttpFailure.notImplemented(feature + " is not supported yet");
        };
    }

    private static Handler notYet(String feature) {
        return _ -> {
            throw HttpFailure.notImplemented(feature + " is not supported yet");
        };
    }
}
