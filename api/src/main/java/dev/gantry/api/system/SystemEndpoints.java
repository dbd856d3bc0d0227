package dev.gantry.api.system;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.api.http.ApiVersion;
import dev.gantry.api.http.Exchange;
import dev.gantry.api.http.FilterParameter;
import dev.gantry.api.http.HttpFailure;
import dev.gantry.api.versions.Responses;
import dev.gantry.engine.Consistency;
import dev.gantry.engine.DiskUsage;
import dev.gantry.engine.Engine;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The daemon: whether it lives, what it is, what it holds.
public final class SystemEndpoints {
    private static final Set<String> DISK_USAGE_TYPES = Set.of("container", "image", "volume", "build-cache");

    private final Engine engine;
    private final Build build;

    public SystemEndpoints(Engine engine, Build build) {
        this.engine = engine;
        this.build = build;
    }

    /// What was built, and when (RFC 3339).
    public record Build(String version, String commit, String time) {}

    /// `GET` and `HEAD /_ping`: clients read the headers, above all the newest API version.
    public void ping(Exchange exchange) throws IOException {
        exchange.setHeader("Builder-Version", "1");
        exchange.setHeader("Swarm", "inactive");
        exchange.setHeader("Cache-Control", "no-cache, no-store, must-revalidate");
        exchange.setHeader("Pragma", "no-cache");
        boolean head = exchange.method().equals("HEAD");
        exchange.respond(200, "text/plain; charset=utf-8", head ? new byte[0] : new byte[] {'O', 'K'});
    }

    /// The answer to `GET /version`.
    record VersionView(
            @JsonProperty("Platform") Map<String, String> platform,
            @JsonProperty("Components") List<Component> components,
            @JsonProperty("Version") String version,
            @JsonProperty("ApiVersion") String apiVersion,
            @JsonProperty("MinAPIVersion") String minApiVersion,
            @JsonProperty("GitCommit") String gitCommit,
            @JsonProperty("GoVersion") String goVersion,
            @JsonProperty("Os") String os,
            @JsonProperty("Arch") String arch,
            @JsonProperty("KernelVersion") String kernelVersion,
            @JsonProperty("BuildTime") String buildTime) {}

    /// A part of the engine; Gantry is one.
    record Component(
            @JsonProperty("Name") String name,
            @JsonProperty("Version") String version,
            @JsonProperty("Details") Map<String, String> details) {}

    /// `GET /version`
    public void version(Exchange exchange) throws IOException {
        String architecture = engine.system().architecture();
        String kernel = engine.system().kernelVersion();
        String java = "java" + Runtime.version();
        Map<String, String> details = new LinkedHashMap<>();
        details.put("ApiVersion", ApiVersion.NEWEST.toString());
        details.put("Arch", architecture);
        details.put("BuildTime", build.time());
        details.put("Experimental", "false");
        details.put("GitCommit", build.commit());
        details.put("GoVersion", java);
        details.put("KernelVersion", kernel);
        details.put("MinAPIVersion", ApiVersion.OLDEST.toString());
        details.put("Os", "linux");
        exchange.respondJson(
                200,
                new VersionView(
                        Map.of("Name", "Gantry"),
                        List.of(new Component("Engine", build.version(), details)),
                        build.version(),
                        ApiVersion.NEWEST.toString(),
                        ApiVersion.OLDEST.toString(),
                        build.commit(),
                        java,
                        "linux",
                        architecture,
                        kernel,
                        build.time()));
    }

    /// `GET /info`
    public void info(Exchange exchange) throws IOException {
        exchange.respondJson(200, Responses.info(engine.system().view(), exchange.version()));
    }

    /// `POST /gantry/system/check`: whether all that the daemon keeps agrees.
    public void check(Exchange exchange) throws IOException {
        var options = new Consistency.CheckOptions(
                exchange.query().flag("repair"), exchange.query().flag("deep"));
        exchange.respondJson(200, engine.consistency().check(options));
    }

    /// `GET /system/df`
    public void diskUsage(Exchange exchange) throws IOException {
        boolean everything =
                !exchange.version().atLeast(42) || !exchange.query().has("type");
        Set<String> types =
                everything ? DISK_USAGE_TYPES : Set.copyOf(exchange.query().all("type"));
        for (String type : types) {
            if (!DISK_USAGE_TYPES.contains(type)) {
                throw HttpFailure.badRequest("unknown object type: " + type);
            }
        }
        DiskUsage disk = engine.diskUsage();
        Map<String, Object> usage = new LinkedHashMap<>();
        if (types.contains("image")) {
            DiskUsage.ImageUsage images = disk.images();
            usage.put("LayersSize", images.total());
            usage.put("Images", Responses.diskUsageImages(images.images(), exchange.version()));
        }
        if (types.contains("container")) {
            usage.put("Containers", Responses.containers(disk.containers(), exchange.version()));
        }
        if (types.contains("volume")) {
            usage.put("Volumes", disk.volumes());
        }
        if (types.contains("build-cache")) {
            usage.put("BuildCache", List.of());
            if (!exchange.version().atLeast(42)) {
                usage.put("BuilderSize", 0);
            }
        }
        exchange.respondJson(200, usage);
    }

    /// `GET /gantry/system/df`: of what the image store's size is made.
    public void imageStoreUsage(Exchange exchange) throws IOException {
        DiskUsage.ImageUsage images = engine.diskUsage().images();
        Map<String, Object> usage = new LinkedHashMap<>();
        usage.put("Layers", images.layers());
        usage.put("Blobs", images.blobs());
        usage.put("Other", images.total() - images.layers() - images.blobs());
        exchange.respondJson(200, usage);
    }

    /// `GET /gantry/system/prune`: what a prune of everything unused would remove, and why.
    public void prunePreview(Exchange exchange) throws IOException {
        exchange.respondJson(
                200,
                engine.diskUsage()
                        .preview(
                                exchange.query().flag("all"),
                                exchange.query().flag("volumes"),
                                FilterParameter.of(exchange)));
    }
}
