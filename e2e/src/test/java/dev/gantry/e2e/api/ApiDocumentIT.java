package dev.gantry.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.BusyboxImage;
import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EngineConnection;
import dev.gantry.e2e.GantryDaemon;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;
import tools.jackson.databind.JsonNode;

/// Every answer of the endpoints that there are validates against the Engine API's published document.
@GantryDaemon
class ApiDocumentIT extends EndToEnd {
    private static final String VERSION = "/v1.50";
    private static final String CREATE = """
            {"Image": "busybox", "Cmd": ["sh", "-c", "echo out; echo err >&2; sleep 1000"], "Labels": {"a": "b"},
             "Env": ["A=b"], "ExposedPorts": {"80/tcp": {}}, "StopSignal": "SIGKILL",
             "Healthcheck": {"Test": ["NONE"], "Interval": 1000000000},
             "HostConfig": {"NetworkMode": "NETWORK", "Binds": ["/tmp:/host:ro"], "Tmpfs": {"/run": "size=1m"},
              "Mounts": [{"Type": "volume", "Target": "/data"}], "Memory": 67108864, "NanoCpus": 500000000,
              "PidsLimit": 50, "Ulimits": [{"Name": "nofile", "Soft": 64, "Hard": 128}],
              "RestartPolicy": {"Name": "no"}, "CapAdd": ["NET_ADMIN"], "SecurityOpt": ["no-new-privileges"],
              "Devices": [{"PathOnHost": "/dev/null", "PathInContainer": "/dev/nil", "CgroupPermissions": "rwm"}],
              "Sysctls": {"kernel.msgmax": "8192"}, "ExtraHosts": ["a:1.2.3.4"], "Init": true}}""";

    /// "The API's document" in docs/conformance.md.
    private static final List<Pattern> EXPLAINED = Stream.of(
                    // fields of 1.50, which is what is asked for, that the document's version has dropped
                    "\\$\\.(Parent|DockerVersion): is not in the document",
                    "\\$\\.Config\\.(Hostname|Domainname|AttachStd(in|out|err)|Tty|OpenStdin|StdinOnce|Image): is not in"
                            + " the document",
                    "\\$\\.NetworkSettings\\.(Bridge|HairpinMode|LinkLocalIPv6Address|LinkLocalIPv6PrefixLen|EndpointID"
                            + "|Gateway|GlobalIPv6Address|GlobalIPv6PrefixLen|IPAddress|IPPrefixLen|IPv6Gateway|MacAddress"
                            + "|SecondaryIPAddresses|SecondaryIPv6Addresses): is not in the document",
                    "\\$\\.(status|id|from): is not in the document",
                    "\\$\\.(pressure_stats|Unsupported): is not in the document",
                    "content type application/json is none of \\[application/jsonl.*",
                    // null as dockerd sends it: not given, not zero
                    "\\$\\.Config\\.(Cmd|Entrypoint|Env|Volumes|Labels): null is not allowed",
                    "\\$\\[\\d+\\]\\.(Labels|Tags): null is not allowed",
                    "\\$\\.HostConfig\\.(MemorySwappiness|OomKillDisable): null is not allowed",
                    "\\$\\.blkio_stats\\.io_service_bytes_recursive: null is not allowed",
                    "\\$\\.ExitCode: null is not allowed")
            .map(Pattern::compile)
            .toList();

    private @Nullable ApiDocument found;

    @BeforeEach
    void readTheDocument() throws IOException {
        Optional<ApiDocument> document = ApiDocument.find();
        found = document.orElseThrow(
                () -> new TestAbortedException(
                        "beside: the Engine API's document, shared/specs/docker-api-1.56.yaml, is in no directory above this checkout"));
    }

    /// What is wrong with an answer, without the differences that docs/conformance.md explains.
    private List<String> problems(
            String method, String path, int status, @Nullable String type, @Nullable JsonNode body) {
        return Objects.requireNonNull(found).problems(method, path, status, type, body).stream()
                .filter(problem -> EXPLAINED.stream()
                        .noneMatch(difference -> difference.matcher(problem).matches()))
                .toList();
    }

    /// Asks, checks the answer against the document, and gives its body.
    private @Nullable JsonNode valid(String method, String path, String target, int status, @Nullable String json)
            throws IOException {
        try (EngineConnection connection = setup.daemon().connect()) {
            return check(method, path, target, status, connection.request(method, VERSION + target, json));
        }
    }

    private @Nullable JsonNode check(
            String method, String path, String target, int status, EngineConnection.Response answer) {
        String type = answer.headers().get("content-type");
        String text = answer.text().strip();
        boolean isJson = type != null && type.startsWith("application/json") && !text.isEmpty();
        JsonNode body = isJson ? json(text) : null;
        assertThat(answer.status()).as("%s %s: %s", method, target, text).isEqualTo(status);
        assertThat(problems(method, path, status, type, body))
                .as("%s %s: %s", method, target, text)
                .isEmpty();
        return body;
    }

    private JsonNode validBody(String method, String path, String target, int status, @Nullable String json)
            throws IOException {
        JsonNode body = valid(method, path, target, status, json);
        assertThat(body).as("%s %s has a body", method, target).isNotNull();
        return Objects.requireNonNull(body);
    }

    private String created(String network) throws IOException {
        return validBody(
                        "POST",
                        "/containers/create",
                        "/containers/create?name=" + newName(),
                        201,
                        CREATE.replace("NETWORK", network))
                .get("Id")
                .stringValue();
    }

    private String started() throws IOException {
        String id = created("none");
        valid("POST", "/containers/{id}/start", "/containers/" + id + "/start", 204, null);
        awaitLog(id, "err");
        return id;
    }

    @Test
    void ofTheDaemonItself() throws IOException {
        try (EngineConnection connection = setup.daemon().connect()) {
            for (String method : List.of("GET", "HEAD")) {
                EngineConnection.Response ping = connection.request(method, VERSION + "/_ping", null);
                assertThat(ping.status()).isEqualTo(200);
                assertThat(ping.text()).isEqualTo(method.equals("GET") ? "OK" : "");
                assertThat(ping.headers())
                        .containsEntry("content-type", "text/plain; charset=utf-8")
                        .containsEntry("api-version", "1.50")
                        .containsEntry("ostype", "linux")
                        .containsKeys("builder-version", "docker-experimental", "cache-control", "pragma", "swarm");
            }
        }
        valid("GET", "/version", "/version", 200, null);
        valid("GET", "/info", "/info", 200, null);
    }

    @Test
    void ofEvents() throws IOException {
        String id = started();
        valid("DELETE", "/containers/{id}", "/containers/" + id + "?force=1&v=1", 204, null);
        try (EngineConnection connection = setup.daemon().connect()) {
            EngineConnection.Response answer =
                    connection.get(VERSION + "/events?since=1&until=" + (System.currentTimeMillis() / 1000 + 1));
            List<String> lines = answer.text().lines().toList();
            assertThat(lines).hasSizeGreaterThan(3);
            for (String line : lines) {
                assertThat(problems("GET", "/events", 200, answer.headers().get("content-type"), json(line)))
                        .as(line)
                        .isEmpty();
            }
        }
        valid("GET", "/events", "/events?since=x", 400, null);
    }

    @Test
    void ofContainersAtRest() throws IOException {
        for (String network : List.of("none", "host", "default")) {
            String id = created(network);
            valid("GET", "/containers/{id}/json", "/containers/" + id + "/json", 200, null);
            valid("GET", "/containers/{id}/json", "/containers/" + id + "/json?size=1", 200, null);
        }
        valid("GET", "/containers/json", "/containers/json?all=1", 200, null);
        valid("GET", "/containers/json", "/containers/json?all=1&size=1", 200, null);
        valid("GET", "/containers/json", "/containers/json?limit=x", 400, null);
        valid("POST", "/containers/prune", "/containers/prune", 200, null);
        valid("POST", "/containers/prune", "/containers/prune", 200, null);
        valid("POST", "/containers/create", "/containers/create", 400, "{\"Image\": 7}");
        valid("POST", "/containers/create", "/containers/create", 404, "{\"Image\": \"no-such\", \"Cmd\": [\"a\"]}");
    }

    @Test
    void ofTheLifeOfAContainer() throws IOException {
        String id = started();
        String at = "/containers/" + id;
        valid("POST", "/containers/{id}/start", at + "/start", 304, null);
        valid("GET", "/containers/json", "/containers/json?size=1", 200, null);
        valid("GET", "/containers/{id}/json", at + "/json?size=1", 200, null);
        JsonNode top = validBody("GET", "/containers/{id}/top", at + "/top?ps_args=-o%20pid,args", 200, null);
        assertThat(top.get("Processes")).isNotEmpty();
        valid("POST", "/containers/{id}/pause", at + "/pause", 204, null);
        valid("GET", "/containers/{id}/json", at + "/json", 200, null);
        valid("POST", "/containers/{id}/unpause", at + "/unpause", 204, null);
        String name = newName();
        valid("POST", "/containers/{id}/rename", at + "/rename?name=" + name, 204, null);
        valid("POST", "/containers/{id}/resize", at + "/resize?h=10&w=20", 200, null);
        valid("DELETE", "/containers/{id}", at, 409, null);
        valid("POST", "/containers/{id}/restart", at + "/restart?t=0", 204, null);
        valid("POST", "/containers/{id}/kill", at + "/kill?signal=WINCH", 204, null); // which ends nothing
        valid("POST", "/containers/{id}/stop", at + "/stop?t=1", 204, null);
        valid("POST", "/containers/{id}/stop", at + "/stop?t=1", 304, null);
        valid("POST", "/containers/{id}/kill", at + "/kill", 409, null);
        valid("POST", "/containers/{id}/wait", at + "/wait", 200, null);
        valid("POST", "/containers/{id}/wait", at + "/wait?condition=x", 400, null);
        valid("GET", "/containers/{id}/json", at + "/json", 200, null);
        valid("DELETE", "/containers/{id}", at + "?v=1", 204, null);
        valid("DELETE", "/containers/{id}", at, 404, null);
    }

    @Test
    void ofWhatIsNotThere() throws IOException {
        String none = "/containers/no-such";
        for (String action : List.of("start", "stop", "restart", "kill", "pause", "unpause", "wait", "attach")) {
            String path = "/containers/{id}/" + action;
            valid("POST", path, none + "/" + action, 404, null);
        }
        valid("POST", "/containers/{id}/rename", none + "/rename?name=" + newName(), 404, null);
        valid("POST", "/containers/{id}/resize", none + "/resize?h=1&w=1", 404, null);
        valid("GET", "/containers/{id}/json", none + "/json", 404, null);
        valid("GET", "/containers/{id}/top", none + "/top", 404, null);
        valid("GET", "/containers/{id}/logs", none + "/logs?stdout=1", 404, null);
        valid("POST", "/containers/{id}/exec", none + "/exec", 404, "{\"Cmd\": [\"a\"]}");
        valid("POST", "/exec/{id}/start", "/exec/no-such/start", 404, "{\"Detach\": true}");
        valid("POST", "/exec/{id}/resize", "/exec/no-such/resize?h=1&w=1", 404, null);
        valid("GET", "/exec/{id}/json", "/exec/no-such/json", 404, null);
        valid("GET", "/images/{name}/json", "/images/no-such/json", 404, null);
        valid("GET", "/images/{name}/history", "/images/no-such/history", 404, null);
        valid("POST", "/images/{name}/tag", "/images/no-such/tag?repo=a", 404, null);
        valid("DELETE", "/images/{name}", "/images/no-such", 404, null);
    }

    @Test
    void ofStreams() throws IOException {
        String id = started();
        String at = "/containers/" + id;
        try (EngineConnection connection = setup.daemon().connect()) {
            EngineConnection.Response logs = connection.get(VERSION + at + "/logs?stdout=1&stderr=1");
            assertThat(logs.text()).contains("out\n", "err\n");
            assertThat(problems(
                            "GET", "/containers/{id}/logs", 200, logs.headers().get("content-type"), null))
                    .isEmpty();
        }
        attach(at, Map.of(), 200);
        attach(at, Map.of("Upgrade", "tcp", "Connection", "Upgrade"), 101);
    }

    private void attach(String at, Map<String, String> headers, int status) throws IOException {
        try (EngineConnection connection = setup.daemon().connect()) {
            connection.send("POST", VERSION + at + "/attach?stream=1&stdout=1&stderr=1", null, headers);
            EngineConnection.Head head = connection.receiveHead();
            assertThat(head.status()).isEqualTo(status);
            String type = head.headers().get("content-type");
            assertThat(problems("POST", "/containers/{id}/attach", status, type, null))
                    .isEmpty();
        }
    }

    @Test
    void ofStatistics() throws IOException {
        String running = started();
        String path = "/containers/{id}/stats";
        String at = "/containers/" + running + "/stats";
        JsonNode stats = validBody("GET", path, at + "?stream=0", 200, null);
        assertThat(stats.at("/memory_stats/limit").asLong()).isEqualTo(67108864);
        validBody("GET", path, at + "?stream=0&one-shot=1", 200, null);
        valid("GET", path, "/containers/" + created("none") + "/stats?stream=0", 200, null);
        valid("GET", path, "/containers/no-such/stats", 404, null);
    }

    @Test
    void ofExecs() throws IOException {
        String id = started();
        for (String body : List.of("{\"Cmd\": [\"true\"]}", "{\"Cmd\": [\"sleep\", \"1000\"], \"Tty\": true}")) {
            String exec = validBody("POST", "/containers/{id}/exec", "/containers/" + id + "/exec", 201, body)
                    .get("Id")
                    .stringValue();
            valid("GET", "/exec/{id}/json", "/exec/" + exec + "/json", 200, null);
            valid("POST", "/exec/{id}/start", "/exec/" + exec + "/start", 200, "{\"Detach\": true}");
            valid("GET", "/exec/{id}/json", "/exec/" + exec + "/json", 200, null);
            if (body.contains("Tty")) {
                valid("POST", "/exec/{id}/resize", "/exec/" + exec + "/resize?h=5&w=9", 200, null);
            }
        }
        valid("POST", "/containers/{id}/pause", "/containers/" + id + "/pause", 204, null);
        valid("POST", "/containers/{id}/exec", "/containers/" + id + "/exec", 409, "{\"Cmd\": [\"true\"]}");
    }

    @Test
    void ofImages() throws IOException {
        EngineConnection.Response imported = importImage("/images/create?fromSrc=-&repo=valid&tag=one&message=m"
                + "&changes=CMD%20%5B%22true%22%5D&changes=ENV%20A=b&changes=EXPOSE%2080&changes=VOLUME%20/v"
                + "&changes=LABEL%20a=b&changes=HEALTHCHECK%20CMD%20true");
        assertThat(imported.status()).as(imported.text()).isEqualTo(200);
        for (String name : List.of("valid:one", "busybox", "hello-world")) {
            valid("GET", "/images/{name}/json", "/images/" + name + "/json", 200, null);
            valid("GET", "/images/{name}/history", "/images/" + name + "/history", 200, null);
        }
        valid("POST", "/images/{name}/tag", "/images/valid:one/tag?repo=valid&tag=two", 201, null);
        valid("GET", "/images/json", "/images/json?all=1", 200, null);
        valid("DELETE", "/images/{name}", "/images/valid:two", 200, null);
        valid("DELETE", "/images/{name}", "/images/valid:one", 200, null);
        EngineConnection.Response dangling = importImage("/images/create?fromSrc=-");
        assertThat(dangling.status()).as(dangling.text()).isEqualTo(200);
        valid("GET", "/images/json", "/images/json?filters=%7B%22dangling%22:%5B%22true%22%5D%7D", 200, null);
        valid("POST", "/images/prune", "/images/prune", 200, null);
        valid("POST", "/images/prune", "/images/prune", 200, null);
    }

    private EngineConnection.Response importImage(String target) throws IOException {
        try (EngineConnection connection = setup.daemon().connect();
                InputStream tar = BusyboxImage.tar(Map.of("marker", target.getBytes(StandardCharsets.UTF_8)))) {
            byte[] bytes = tar.readAllBytes();
            connection.write(("POST " + VERSION + target + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-tar\r\n"
                            + "Content-Length: " + bytes.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            connection.write(bytes);
            return connection.receive(false);
        }
    }
}
