package dev.gantry.cli.start;

import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.json.JsonWriter;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The training run of the AOT cache (JEP 514): the commonest commands against a daemon that answers from a list, so
/// that a build needs no real one. What it loads is what later starts find ready.
public final class Training {
    private static final List<List<String>> COMMANDS = List.of(
            List.of("version"),
            List.of("ps", "-a"),
            List.of("images"),
            List.of("info"),
            List.of("inspect", "x"),
            List.of("inspect", "-f", "{{.Id}} {{json .Config}}", "x"),
            List.of("logs", "x"),
            List.of("stop", "x"),
            List.of("rm", "-f", "x"),
            List.of("create", "x"),
            List.of("run", "-d", "-e", "A=B", "-v", "/a:/b", "-m", "64m", "x", "true"),
            List.of("run", "--rm", "x", "true"),
            List.of("exec", "x", "true"),
            List.of("run", "--help"),
            List.of("run", "--unknown"));

    private Training() {}

    /// Runs every command through `main`, which gets the words of a command line.
    public static void run(Consumer<List<String>> main) throws IOException {
        Path directory = Files.createTempDirectory("gantry-training");
        Path socket = directory.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread.ofPlatform().daemon().name("training-daemon").start(() -> serve(server));
            for (List<String> command : COMMANDS) {
                List<String> words = new ArrayList<>(List.of("-H", "unix://" + socket));
                words.addAll(command);
                main.accept(words);
            }
        } finally {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(directory);
        }
    }

    private static void serve(ServerSocketChannel server) {
        while (server.isOpen()) {
            try (SocketChannel connection = server.accept()) {
                ByteBuffer request = ByteBuffer.allocate(64 * 1024);
                if (connection.read(request) > 0) {
                    String text = new String(request.array(), 0, request.position(), StandardCharsets.UTF_8);
                    connection.write(ByteBuffer.wrap(answer(text).getBytes(StandardCharsets.UTF_8)));
                }
            } catch (IOException _) {
                // the training is over
            }
        }
    }

    private static String answer(String request) {
        if (request.contains("Upgrade: tcp")) {
            return "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
        }
        if (request.contains("/logs?")) {
            return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
        }
        boolean list = request.contains("/containers/json") || request.contains("/images/json");
        JsonValue object = object();
        String body = JsonWriter.compact(list ? new JsonValue.Items(List.of(object)) : object);
        return "HTTP/1.1 200 OK\r\nApi-Version: 1.50\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + (request.startsWith("HEAD") ? "" : body);
    }

    /// One object with the members of all answers.
    private static JsonValue object() {
        JsonValue details = JsonValue.object()
                .put("ApiVersion", "1.50")
                .put("BuildTime", "2026-01-02T03:04:05.000000000+00:00")
                .build();
        JsonValue component = JsonValue.object()
                .put("Name", "Engine")
                .put("Version", "1")
                .put("Details", details)
                .build();
        return JsonValue.object()
                .put("Id", "0123456789abcdef0123456789abcdef")
                .put("Names", List.of("/x"))
                .put("Image", "x")
                .put("Command", "true")
                .put("Created", 1_700_000_000L)
                .put("Status", "Up 2 seconds")
                .put("RepoTags", List.of("x:latest"))
                .put("Size", 1_234_567L)
                .put("StatusCode", 0)
                .put("ExitCode", 0)
                .put("OSType", "linux")
                .put("Config", JsonValue.object().put("Tty", false).build())
                .put("Components", new JsonValue.Items(List.of(component)))
                .build();
    }
}
