package dev.gantry.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Debian's docker-registry on loopback, with a port and a directory of its own. What is in it was put there by tools
/// that nobody here wrote: umoci makes images, skopeo pushes them.
public final class LocalRegistry implements AutoCloseable {
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    private static final String CERTIFICATE = "certificate.pem";
    private static final String INDEX = "application/vnd.oci.image.index.v1+json";

    private final Path directory;
    private final Process process;
    private final int port;

    private LocalRegistry(Path directory, Process process, int port) {
        this.directory = directory;
        this.process = process;
        this.port = port;
    }

    /// Starts one, empty, for everybody.
    public static LocalRegistry start() throws IOException {
        return start(OPEN);
    }

    /// Starts one, empty, that speaks TLS and asks for a password.
    public static LocalRegistry secured(String user, String password) throws IOException {
        return start(directory -> {
            Path passwords = directory.resolve("htpasswd");
            run("htpasswd", "-Bbc", passwords.toString(), user, password);
            return tls(directory, "IP:127.0.0.1") + "auth: {htpasswd: {realm: test, path: %s}}\n".formatted(passwords);
        });
    }

    /// Starts one, empty, that speaks TLS and proves to be another host.
    public static LocalRegistry encrypted(String name) throws IOException {
        return start(directory -> tls(directory, "DNS:" + name));
    }

    private static String tls(Path directory, String name) throws IOException {
        Path key = directory.resolve("key.pem");
        Path certificate = directory.resolve(CERTIFICATE);
        run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=" + name,
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString());
        return "  tls: {certificate: %s, key: %s}\n".formatted(certificate, key);
    }

    /// Who vouches for one that speaks TLS.
    public Path certificate() {
        return directory.resolve(CERTIFICATE);
    }

    private static final Options OPEN = _ -> "";

    private interface Options {
        /// What follows the address of the section `http`.
        String in(Path directory) throws IOException;
    }

    private static LocalRegistry start(Options options) throws IOException {
        Path directory = Files.createTempDirectory("gantry-registry");
        return start(freePort(), directory, directory.resolve("data"), options);
    }

    /// Starts one that keeps its images in a directory that stays, and has what is there.
    public static LocalRegistry start(Path data) throws IOException {
        return start(freePort(), data);
    }

    /// The same at a certain port.
    public static LocalRegistry start(int port, Path data) throws IOException {
        return start(port, Files.createTempDirectory("gantry-registry"), data, OPEN);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static LocalRegistry start(int port, Path directory, Path data, Options options) throws IOException {
        Path configuration =
                Files.writeString(directory.resolve("config.yml"), """
                version: 0.1
                storage: {filesystem: {rootdirectory: %s}}
                http:
                  addr: '127.0.0.1:%d'
                """.formatted(data, port) + options.in(directory));
        Process process = new ProcessBuilder("docker-registry", "serve", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        LocalRegistry registry = new LocalRegistry(directory, process, port);
        Waiting.until(Duration.ofSeconds(30), registry::listens, () -> "docker-registry does not listen");
        return registry;
    }

    private boolean listens() {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// Its name in references.
    public String host() {
        return "127.0.0.1:" + port;
    }

    /// The requests that it has answered so far, with their statuses: `PUT /v2/thing/manifests/1 201`.
    public List<String> requests() throws IOException {
        return REQUEST.matcher(Files.readString(directory.resolve("log")))
                .results()
                .map(each -> each.group(1) + " " + each.group(2) + " " + each.group(3))
                .toList();
    }

    /// Of its access log.
    private static final Pattern REQUEST = Pattern.compile("\"([A-Z]+) (/v2/\\S*) HTTP/1.1\" ([0-9]{3}) ");

    /// Puts an image there: the busybox root file system, and above it a layer for each file.
    ///
    /// @param name repository and tag
    /// @param files content by path
    public void add(String name, Map<String, String> files) throws IOException {
        add(name, "amd64", files);
    }

    /// The same for an architecture. The programs in it are this host's.
    public void add(String name, String architecture, Map<String, String> files) throws IOException {
        Path layout = directory.resolve("layout");
        Path tar = directory.resolve("layer.tar");
        Path tree = directory.resolve("tree");
        run("umoci", "init", "--layout", layout.toString());
        run("umoci", "new", "--image", layout + ":image");
        try (InputStream busybox = BusyboxImage.tar()) {
            Files.copy(busybox, tar);
        }
        List<String> add = List.of("umoci", "raw", "add-layer", "--image", layout + ":image", tar.toString());
        run(add.toArray(String[]::new));
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = tree.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
            run("tar", "-cf", tar.toString(), "-C", tree.toString(), ".");
            run(add.toArray(String[]::new));
            delete(tree);
        }
        run("umoci", "config", "--image", layout + ":image", "--config.cmd", "sh", "--architecture", architecture);
        run(
                "skopeo",
                "copy",
                "--insecure-policy",
                "--dest-tls-verify=false",
                "oci:" + layout + ":image",
                "docker://" + host() + "/" + name);
        delete(layout);
        Files.delete(tar);
    }

    /// Puts an index there.
    ///
    /// @param name repository and tag
    /// @param tags of the repository, by their architectures
    /// @return its digest
    public String addIndex(String name, Map<String, String> tags) throws IOException {
        String repository = name.substring(0, name.lastIndexOf(':'));
        List<String> manifests = new ArrayList<>();
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            HttpResponse<String> manifest =
                    send(request(repository, tag.getValue()).header("Accept", MANIFEST));
            manifests.add("""
                    {"mediaType":"%s","digest":"%s","size":%s,"platform":{"os":"linux","architecture":"%s"}}""".formatted(
                    MANIFEST,
                    manifest.headers().firstValue("Docker-Content-Digest").orElseThrow(),
                    manifest.headers().firstValue("Content-Length").orElseThrow(),
                    tag.getKey()));
        }
        String index = "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
                .formatted(INDEX, String.join(",", manifests));
        HttpResponse<String> put = send(request(repository, name.substring(name.lastIndexOf(':') + 1))
                .header("Content-Type", INDEX)
                .PUT(HttpRequest.BodyPublishers.ofString(index)));
        return put.headers().firstValue("Docker-Content-Digest").orElseThrow();
    }

    private HttpRequest.Builder request(String repository, String tag) {
        return HttpRequest.newBuilder(URI.create("http://" + host() + "/v2/" + repository + "/manifests/" + tag));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                throw new IOException("%s: %d %s".formatted(request, response.statusCode(), response.body()));
            }
            return response;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while docker-registry answers", e);
        }
    }

    private static void run(String... words) throws IOException {
        Result result = Command.run(new ArrayList<>(List.of(words)), Map.of());
        if (result.exit() != 0) {
            throw new IOException(result.toString());
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while docker-registry ends", e);
        }
        delete(directory);
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
