package dev.gantry.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Debian's docker-registry on loopback, with a port and a directory of its own. What is in it was put there by tools
/// that nobody here wrote: umoci makes images, skopeo pushes them.
public final class LocalRegistry implements AutoCloseable {
    private final Path directory;
    private final Process process;
    private final int port;

    private LocalRegistry(Path directory, Process process, int port) {
        this.directory = directory;
        this.process = process;
        this.port = port;
    }

    /// Starts one, empty.
    public static LocalRegistry start() throws IOException {
        Path directory = Files.createTempDirectory("gantry-registry");
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Path configuration =
                Files.writeString(directory.resolve("config.yml"), """
                version: 0.1
                storage: {filesystem: {rootdirectory: %s}}
                http: {addr: '127.0.0.1:%d'}
                """.formatted(directory.resolve("data"), port));
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

    /// Puts an image there: the busybox root file system, and above it a layer for each file.
    ///
    /// @param name repository and tag
    /// @param files content by path
    public void add(String name, Map<String, String> files) throws IOException {
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
        run("umoci", "config", "--image", layout + ":image", "--config.cmd", "sh");
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
