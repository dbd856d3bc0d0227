package dev.gantry.bench;

import dev.gantry.e2e.DaemonUnderTest;
import dev.gantry.e2e.EngineConnection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// The log of a container that writes much: from its start until it has exited, or reading it back.
record EngineLog(DaemonUnderTest daemon, LogLines lines, boolean reading) implements Contender {

    private static final int BUFFER = 1 << 20;

    @Override
    public String name() {
        return daemon.kind() + (reading ? " reads" : " writes");
    }

    @Override
    public long once() throws IOException {
        try (EngineConnection connection = daemon.connect()) {
            String id = EngineApi.create(connection, lines.container());
            long written = write(connection, id);
            long read = reading ? read(id) : 0;
            EngineApi.delete(connection, id);
            return reading ? read : written;
        }
    }

    private long write(EngineConnection connection, String id) throws IOException {
        try (EngineConnection waiter = daemon.connect()) {
            waiter.send("POST", "/v1.41/containers/" + id + "/wait?condition=next-exit", null, Map.of());
            EngineConnection.Head head = waiter.receiveHead();
            long start = System.nanoTime();
            EngineApi.start(connection, id);
            String answer = waiter.rest(head);
            long time = System.nanoTime() - start;
            if (!answer.contains("\"StatusCode\":0")) {
                throw new IOException("container " + id + ": " + answer);
            }
            return time;
        }
    }

    private long read(String id) throws IOException {
        try (EngineConnection reader = daemon.connect()) {
            long start = System.nanoTime();
            // of version 1.0, so that the body is not cut into chunks
            reader.write(("GET /v1.41/containers/" + id + "/logs?stdout=1 HTTP/1.0\r\nHost: docker\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            EngineConnection.Head head = reader.receiveHead();
            long bytes = head.status() == 200 ? count(reader.stream()) : 0;
            long time = System.nanoTime() - start;
            if (bytes < lines.bytes()) {
                throw new IOException("%s: %d of %d bytes came back".formatted(name(), bytes, lines.bytes()));
            }
            return time;
        }
    }

    private static long count(InputStream in) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long bytes = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            bytes += read;
        }
        return bytes;
    }
}
