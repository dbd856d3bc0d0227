package dev.gantry.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Debian's docker-registry on loopback, with a port and a directory of its own.
final class DockerRegistry implements AutoCloseable {
    static final Path PROGRAM = Path.of("/usr/bin/docker-registry");

    private final Process process;
    private final Path log;
    private final int port;

    private DockerRegistry(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.port = port;
    }

    static DockerRegistry start(Path directory) throws IOException {
        return start(directory, Map.of());
    }

    /// @param settings environment variables of the registry, `REGISTRY_…`
    static DockerRegistry start(Path directory, Map<String, String> settings) throws IOException {
        int port = freePort();
        Path configuration =
                Files.writeString(Files.createDirectories(directory).resolve("config.yml"), """
                version: 0.1
                storage:
                  filesystem:
                    rootdirectory: %s
                http:
                  addr: 127.0.0.1:%d
                """.formatted(
                                directory.resolve("data"), port));
        Path log = directory.resolve("log");
        ProcessBuilder builder = new ProcessBuilder(PROGRAM.toString(), "serve", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("OTEL_TRACES_EXPORTER", "none");
        builder.environment().putAll(settings);
        DockerRegistry registry = new DockerRegistry(builder.start(), log, port);
        registry.awaitListening();
        return registry;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    /// What the registry has logged, a line for each request among it.
    List<String> log() {
        try {
            return new ArrayList<>(Files.readAllLines(log));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitListening() throws IOException {
        Instant end = Instant.now().plusSeconds(30);
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return;
            } catch (IOException e) {
                if (!process.isAlive() || Instant.now().isAfter(end)) {
                    close();
                    throw new IOException("docker-registry does not listen: " + log(), e);
                }
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
