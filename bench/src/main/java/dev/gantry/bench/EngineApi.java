package dev.gantry.bench;

import dev.gantry.e2e.EngineConnection;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The requests that the benchmarks make of a daemon.
final class EngineApi {
    private static final Pattern ID = Pattern.compile("\"Id\":\\s*\"([0-9a-f]{64})\"");
    private static final Pattern PID = Pattern.compile("\"Pid\":\\s*([0-9]+)");

    private EngineApi() {}

    /// The body of a create request: no network, default seccomp, memory and pids limits, json-file log.
    static String container(String... command) {
        String words = "\"" + String.join("\",\"", List.of(command)) + "\"";
        return """
                {"Image":"busybox","Cmd":[%s],"HostConfig":{"NetworkMode":"none","Memory":67108864,"PidsLimit":64}}""".formatted(words);
    }

    static String create(EngineConnection connection, String body) throws IOException {
        return id(expect(connection.post("/v1.41/containers/create", body), 201));
    }

    static void start(EngineConnection connection, String id) throws IOException {
        expect(connection.post("/v1.41/containers/" + id + "/start", null), 204);
    }

    static void delete(EngineConnection connection, String id) throws IOException {
        expect(connection.request("DELETE", "/v1.41/containers/" + id + "?force=1", null), 204);
    }

    /// The process ID of a running container.
    static long pid(EngineConnection connection, String id) throws IOException {
        Matcher matcher = PID.matcher(expect(connection.get("/v1.41/containers/" + id + "/json"), 200));
        if (!matcher.find()) {
            throw new IOException("no process ID of container " + id);
        }
        return Long.parseLong(matcher.group(1));
    }

    static String id(String answer) throws IOException {
        Matcher matcher = ID.matcher(answer);
        if (!matcher.find()) {
            throw new IOException("no id in " + answer);
        }
        return matcher.group(1);
    }

    static String expect(EngineConnection.Response response, int status) throws IOException {
        if (response.status() != status) {
            throw new IOException("got %d, want %d: %s".formatted(response.status(), status, response.text()));
        }
        return response.text();
    }
}
