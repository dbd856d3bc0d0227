package dev.gantry.bench;

import dev.gantry.e2e.DaemonUnderTest;
import dev.gantry.e2e.EngineConnection;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Start-to-exit of `true` over the Engine API: no network, default seccomp, memory and pids limits, json-file log.
/// Create and
/// delete happen outside the clock unless `whole`.
record EngineStart(DaemonUnderTest daemon, EngineConnection connection, EngineConnection waiter, boolean whole)
        implements Contender {
    private static final Pattern ID = Pattern.compile("\"Id\":\\s*\"([0-9a-f]{64})\"");
    private static final String BODY = """
            {"Image":"busybox","Cmd":["true"],"HostConfig":{"NetworkMode":"none","Memory":67108864,"PidsLimit":64}}""";

    static EngineStart on(DaemonUnderTest daemon, boolean whole) throws IOException {
        return new EngineStart(daemon, daemon.connect(), daemon.connect(), whole);
    }

    @Override
    public String name() {
        return daemon.kind() + (whole ? " create+start+wait+delete" : " start to exit");
    }

    @Override
    public long once() throws IOException {
        long begin = System.nanoTime();
        String id = created(expect(connection.post("/v1.41/containers/create", BODY), 201));
        waiter.send("POST", "/v1.41/containers/" + id + "/wait?condition=next-exit", null, Map.of());
        long start = System.nanoTime();
        expect(connection.post("/v1.41/containers/" + id + "/start", null), 204);
        expect(waiter.receive(false), 200);
        long exit = System.nanoTime();
        expect(connection.request("DELETE", "/v1.41/containers/" + id + "?force=1", null), 204);
        return whole ? System.nanoTime() - begin : exit - start;
    }

    private static String created(String answer) throws IOException {
        Matcher matcher = ID.matcher(answer);
        if (!matcher.find()) {
            throw new IOException("no id in " + answer);
        }
        return matcher.group(1);
    }

    private static String expect(EngineConnection.Response response, int status) throws IOException {
        if (response.status() != status) {
            throw new IOException("got %d, want %d: %s".formatted(response.status(), status, response.text()));
        }
        return response.text();
    }

    @Override
    public void close() throws IOException {
        connection.close();
        waiter.close();
    }
}
