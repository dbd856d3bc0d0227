import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Makes a daemon do what it is there for, often enough for its AOT cache to know what that runs: a daemon with the cache
/// compiles it at once (JEP 515). Called by `scripts/assemble`: `java TrainDaemon.java <socket> <name>`; the name is that of
/// a container that is left, and runs.
final class TrainDaemon {
    /// Fewer give slower starts and execs (docs/performance.md).
    private static final int ROUNDS = 200;

    private static final Pattern ID = Pattern.compile("\"Id\":\"([0-9a-f]{64})\"");
    private static final String UPGRADE = "Connection: Upgrade\r\nUpgrade: tcp\r\n";
    private static final String CLOSE = "Connection: close\r\n";

    private final UnixDomainSocketAddress socket;

    private TrainDaemon(Path socket) {
        this.socket = UnixDomainSocketAddress.of(socket);
    }

    public static void main(String... arguments) throws IOException {
        new TrainDaemon(Path.of(arguments[0])).train(arguments[1]);
    }

    private void train(String name) throws IOException {
        // the image has one program, which ends at once: the host's stays
        String binds = "\"HostConfig\":{\"Binds\":[" + hostPrograms() + "]}";
        String stays = create("?name=" + name, "\"Cmd\":[\"sleep\",\"infinity\"]," + binds);
        answer(post("/containers/" + stays + "/start", "", CLOSE));
        for (int i = 0; i < ROUNDS; i++) {
            run();
            exec(stays);
        }
    }

    /// Where programs and their libraries are, by the file system hierarchy standard.
    private static String hostPrograms() {
        return Stream.of("/bin", "/lib", "/lib64", "/usr")
                .filter(directory -> Files.isDirectory(Path.of(directory)))
                .map(directory -> "\"" + directory + ":" + directory + ":ro\"")
                .collect(Collectors.joining(","));
    }

    private void run() throws IOException {
        String id = create("", "\"HostConfig\":{\"Memory\":67108864,\"PidsLimit\":64}");
        String container = "/containers/" + id;
        SocketChannel output = begun(post(container + "/attach?stream=1&stdout=1&stderr=1", "", UPGRADE));
        SocketChannel exit = begun(post(container + "/wait?condition=next-exit", "", CLOSE));
        answer(post(container + "/start", "", CLOSE));
        rest(output);
        rest(exit);
        answer(request("DELETE", container, "", CLOSE));
    }

    private void exec(String container) throws IOException {
        String body = "{\"Cmd\":[\"true\"],\"AttachStdout\":true,\"AttachStderr\":true}";
        String id = id(answer(post("/containers/" + container + "/exec", body, CLOSE)));
        answer(post("/exec/" + id + "/start", "{}", UPGRADE));
        answer(request("GET", "/exec/" + id + "/json", "", CLOSE));
    }

    private String create(String query, String config) throws IOException {
        return id(answer(post("/containers/create" + query, "{\"Image\":\"hello-world\"," + config + "}", CLOSE)));
    }

    private static String id(String answer) throws IOException {
        Matcher matcher = ID.matcher(answer);
        if (!matcher.find()) {
            throw new IOException("no ID in the answer: " + answer);
        }
        return matcher.group(1);
    }

    private SocketChannel post(String path, String body, String header) throws IOException {
        return request("POST", path, body, header);
    }

    private SocketChannel request(String method, String path, String body, String header) throws IOException {
        SocketChannel channel = SocketChannel.open(socket);
        String type = body.isEmpty() ? "" : "Content-Type: application/json\r\n";
        String head = "%s /v1.44%s HTTP/1.1\r\nHost: training\r\n%s%sContent-Length: %d\r\n\r\n"
                .formatted(method, path, header, type, body.length());
        channel.write(ByteBuffer.wrap((head + body).getBytes(StandardCharsets.US_ASCII)));
        return channel;
    }

    /// A connection whose answer has begun.
    private static SocketChannel begun(SocketChannel connection) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(8192);
        int count = connection.read(head);
        check(new String(head.array(), 0, Math.max(count, 0), StandardCharsets.UTF_8));
        return connection;
    }

    private static String answer(SocketChannel connection) throws IOException {
        String answer = rest(connection);
        check(answer);
        return answer;
    }

    private static void check(String answer) throws IOException {
        if (!answer.matches("(?s)HTTP/1.1 [12].*")) {
            throw new IOException("answer: " + answer);
        }
    }

    /// All that comes until the daemon closes the connection.
    private static String rest(SocketChannel connection) throws IOException {
        var rest = new ByteArrayOutputStream();
        ByteBuffer part = ByteBuffer.allocate(8192);
        try (connection) {
            while (connection.read(part.clear()) >= 0) {
                rest.write(part.array(), 0, part.position());
            }
        }
        return rest.toString(StandardCharsets.UTF_8);
    }
}
