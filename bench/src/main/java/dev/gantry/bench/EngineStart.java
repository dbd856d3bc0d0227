package dev.gantry.bench;

import dev.gantry.e2e.DaemonUnderTest;
import dev.gantry.e2e.EngineConnection;
import java.io.IOException;
import java.util.Map;

/// Start-to-exit of `true` over the Engine API. Create and delete happen outside the clock unless `whole`.
record EngineStart(DaemonUnderTest daemon, EngineConnection connection, boolean whole) implements Contender {
    static EngineStart on(DaemonUnderTest daemon, boolean whole) throws IOException {
        return new EngineStart(daemon, daemon.connect(), whole);
    }

    @Override
    public String name() {
        return daemon.kind() + (whole ? " create+start+wait+delete" : " start to exit");
    }

    @Override
    public long once() throws IOException {
        try (EngineConnection waiter = daemon.connect()) {
            long begin = System.nanoTime();
            String id = EngineApi.create(connection, EngineApi.container("true"));
            // the answer's head says that the wait is registered
            waiter.send("POST", "/v1.41/containers/" + id + "/wait?condition=next-exit", null, Map.of());
            EngineConnection.Head head = waiter.receiveHead();
            long start = System.nanoTime();
            EngineApi.start(connection, id);
            String answer = waiter.rest(head);
            long exit = System.nanoTime();
            if (!answer.contains("\"StatusCode\":0")) {
                throw new IOException("container " + id + ": " + answer);
            }
            EngineApi.delete(connection, id);
            return whole ? System.nanoTime() - begin : exit - start;
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
