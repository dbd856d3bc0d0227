package dev.gantry.bench;

import dev.gantry.e2e.DaemonUnderTest;
import dev.gantry.e2e.EngineConnection;
import java.io.IOException;
import java.util.Map;

/// `true` executed in a running container over the Engine API, from the creation of the exec to the end of its stream,
/// which is when the client knows that it has ended.
record EngineExec(DaemonUnderTest daemon, EngineConnection connection, String container) implements Contender {
    private static final String CREATE = """
            {"Cmd":["true"],"AttachStdout":true,"AttachStderr":true}""";
    private static final Map<String, String> UPGRADE = Map.of("Connection", "Upgrade", "Upgrade", "tcp");

    static EngineExec on(DaemonUnderTest daemon) throws IOException {
        EngineConnection connection = daemon.connect();
        String container = EngineApi.create(connection, EngineApi.container("sleep", "10000"));
        EngineApi.start(connection, container);
        return new EngineExec(daemon, connection, container);
    }

    @Override
    public String name() {
        return daemon.kind() + " exec";
    }

    @Override
    public long once() throws IOException {
        try (EngineConnection hijacked = daemon.connect()) {
            long begin = System.nanoTime();
            String id = EngineApi.id(
                    EngineApi.expect(connection.post("/v1.41/containers/" + container + "/exec", CREATE), 201));
            hijacked.send("POST", "/v1.41/exec/" + id + "/start", "{}", UPGRADE);
            EngineConnection.Head head = hijacked.receiveHead();
            if (head.status() != 101) {
                throw new IOException("exec start: got " + head.status() + ", want 101");
            }
            long unexpected = hijacked.stream().readAllBytes().length;
            long end = System.nanoTime();
            if (unexpected > 0) {
                throw new IOException("`true` has written " + unexpected + " bytes");
            }
            return end - begin;
        }
    }

    @Override
    public void close() throws IOException {
        EngineApi.delete(connection, container);
        connection.close();
    }
}
