package dev.gantry.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.DaemonKind;
import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EngineConnection;
import dev.gantry.e2e.EveryDaemon;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Clients of every age get the shapes of their API version.
@EveryDaemon
class OldVersionsIT extends EndToEnd {
    private String version = "";

    private EngineConnection.Response ask(String method, String path, @Nullable String json) throws IOException {
        try (EngineConnection connection = setup.daemon().connect()) {
            return connection.request(method, "/v" + version + path, json);
        }
    }

    private JsonNode ok(int status, String method, String path, @Nullable String body) throws IOException {
        EngineConnection.Response answer = ask(method, path, body);
        assertThat(answer.status())
                .as("%s %s %s: %s", version, method, path, answer.text())
                .isEqualTo(status);
        return json(answer.text().isBlank() ? "null" : answer.text());
    }

    private boolean isAtLeast(int minor) {
        return Integer.parseInt(version.substring(2)) >= minor;
    }

    private boolean use(String wanted) {
        version = wanted;
        // dockerd 20.10 ends at 1.41
        return setup.daemon().kind() == DaemonKind.GANTRY || !isAtLeast(42);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.24", "1.32", "1.41", "1.44", "1.50"})
    void runAContainer(String wanted) throws IOException {
        if (!use(wanted)) {
            return;
        }
        String name = newName();
        JsonNode created = ok(201, "POST", "/containers/create?name=" + name, """
                {"Image": "busybox", "Cmd": ["sh", "-c", "echo out; exit 7"], "Tty": false, "OpenStdin": false, "Volumes": {},
                 "HostConfig": {"NetworkMode": "none", "Binds": null, "Memory": 0, "CpuShares": 0, "PortBindings": {},
                  "RestartPolicy": {"Name": "", "MaximumRetryCount": 0}, "Devices": [], "LogConfig": {"Type": "", "Config": {}}},
                 "NetworkingConfig": {"EndpointsConfig": {}}}""");
        String id = created.get("Id").stringValue();
        assertThat(created.has("Warnings")).isTrue();
        ok(204, "POST", "/containers/" + id + "/start", wanted.equals("1.24") ? "{}" : null);
        JsonNode waited = ok(200, "POST", "/containers/" + id + "/wait", null);
        assertThat(waited.get("StatusCode").intValue()).isEqualTo(7);
        EngineConnection.Response logs = ask("GET", "/containers/" + id + "/logs?stdout=1", null);
        assertThat(logs.text()).isEqualTo("\u0001\0\0\0\0\0\0\u0004out\n");
        if (isAtLeast(42)) {
            assertThat(logs.headers()).containsEntry("content-type", "application/vnd.docker.multiplexed-stream");
        }
        JsonNode inspected = ok(200, "GET", "/containers/" + name + "/json", null);
        assertThat(inspected.propertyNames())
                .contains("Id", "Created", "Path", "Args", "State", "Image", "Name", "RestartCount", "Driver", "Mounts")
                .contains("HostConfig", "GraphDriver", "Config", "NetworkSettings", "ExecIDs", "LogPath", "HostsPath");
        assertThat(inspected.at("/State/Status").stringValue()).isEqualTo("exited");
        assertThat(inspected.at("/HostConfig/IpcMode").stringValue())
                .isEqualTo(isAtLeast(40) ? "private" : "shareable");
        JsonNode listed = ok(200, "GET", "/containers/json?all=1&limit=1", null).get(0);
        assertThat(listed.get("Names").get(0).stringValue()).isEqualTo("/" + name);
        assertThat(listed.propertyNames())
                .contains("Image", "ImageID", "Command", "Created", "Ports", "Labels", "State", "Status", "HostConfig");
        ok(204, "DELETE", "/containers/" + id, null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.24", "1.32", "1.41", "1.44", "1.50"})
    void listImages(String wanted) throws IOException {
        if (!use(wanted)) {
            return;
        }
        JsonNode image = ok(200, "GET", "/images/json", null).get(0);
        assertThat(image.propertyNames())
                .contains("Id", "ParentId", "RepoTags", "RepoDigests", "Created", "Size", "Labels");
        assertThat(image.has("VirtualSize")).isEqualTo(!isAtLeast(44));
        JsonNode inspected = ok(200, "GET", "/images/busybox/json", null);
        assertThat(inspected.has("VirtualSize")).isEqualTo(!isAtLeast(44));
        assertThat(inspected.has("ContainerConfig")).isEqualTo(!isAtLeast(45));
        if (wanted.equals("1.24")) {
            assertThat(ok(200, "GET", "/images/json?filter=busybox", null)).hasSize(1);
            assertThat(ok(200, "GET", "/images/json?filter=no-such", null)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.24", "1.32", "1.41", "1.44", "1.50"})
    void describeTheDaemon(String wanted) throws IOException {
        if (!use(wanted)) {
            return;
        }
        EngineConnection.Response ping = ask("GET", "/_ping", null);
        assertThat(ping.text()).isEqualTo("OK");
        assertThat(ping.headers()).containsKeys("api-version", "ostype", "docker-experimental", "server");
        assertThat(ok(200, "GET", "/version", null).propertyNames())
                .contains(
                        "Version",
                        "ApiVersion",
                        "MinAPIVersion",
                        "GitCommit",
                        "GoVersion",
                        "Os",
                        "Arch",
                        "KernelVersion");
        assertThat(ok(200, "GET", "/info", null).propertyNames())
                .contains("ID", "Containers", "Images", "Driver", "MemTotal", "NCPU", "Name", "ServerVersion", "Swarm");
        if (setup.onGantry()) {
            // dockerd 20.10 has every route at every version
            int prune = ask("POST", "/containers/prune", null).status();
            assertThat(prune).isEqualTo(isAtLeast(25) ? 200 : 404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.24", "1.32", "1.41", "1.44", "1.50"})
    void execute(String wanted) throws IOException {
        if (!use(wanted)) {
            return;
        }
        String name = background("sleep 1000", "--network", "none");
        JsonNode exec = ok(201, "POST", "/containers/" + name + "/exec", """
                {"Cmd": ["sh", "-c", "echo hi; exit 3"], "AttachStdout": true, "AttachStderr": true, "Tty": false,
                 "DetachKeys": "", "User": "", "Privileged": false}""");
        String id = exec.get("Id").stringValue();
        EngineConnection.Response output;
        try (EngineConnection connection = setup.daemon().connect()) {
            output = connection.request(
                    "POST", "/v" + version + "/exec/" + id + "/start", "{\"Detach\":false,\"Tty\":false}");
        }
        assertThat(output.text()).isEqualTo("\u0001\0\0\0\0\0\0\u0003hi\n");
        JsonNode ended = ok(200, "GET", "/exec/" + id + "/json", null);
        assertThat(ended.get("ExitCode").intValue()).isEqualTo(3);
        assertThat(ended.get("Running").booleanValue()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.24", "1.32", "1.41", "1.44", "1.50"})
    void listen(String wanted) throws IOException {
        if (!use(wanted)) {
            return;
        }
        String name = background("sleep 1000", "--network", "none");
        List<JsonNode> events = ask(
                        "GET",
                        "/events?since=1&until=" + (System.currentTimeMillis() / 1000 + 1)
                                + "&filters=%7B%22container%22:%7B%22" + name + "%22:true%7D%7D",
                        null)
                .text()
                .lines()
                .map(EndToEnd::json)
                .toList();
        assertThat(events)
                .extracting(event -> event.get("status").stringValue())
                .contains("create", "start");
        assertThat(events.getFirst().propertyNames())
                .contains("status", "id", "from", "Type", "Action", "Actor", "time", "timeNano");
    }
}
