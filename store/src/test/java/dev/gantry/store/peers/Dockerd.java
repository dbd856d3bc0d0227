package dev.gantry.store.peers;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.oci.Json;
import dev.gantry.store.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A dockerd of the test's own, which runs no container: it unpacks layers.
final class Dockerd implements AutoCloseable {
    private final Path directory;
    private final Process process;

    private Dockerd(Path directory, Process process) {
        this.directory = directory;
        this.process = process;
    }

    static boolean installed() {
        return Tools.has("dockerd")
                && Stream.of("/usr/bin/docker", "/usr/local/bin/docker").anyMatch(each -> Files.exists(Path.of(each)));
    }

    static Dockerd start() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("gantry-dockerd");
        Process process = new ProcessBuilder(
                        "dockerd",
                        "--bridge",
                        "none",
                        "--iptables=false",
                        "--ip-forward=false",
                        "--storage-driver",
                        "overlay2",
                        "--data-root",
                        directory.resolve("data").toString(),
                        "--exec-root",
                        directory.resolve("exec").toString(),
                        "--pidfile",
                        directory.resolve("pid").toString(),
                        "-H",
                        "unix://" + directory.resolve("sock"))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        Dockerd dockerd = new Dockerd(directory, process);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!dockerd.answers()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                String log = Files.readString(directory.resolve("log"));
                dockerd.close();
                throw new IOException("dockerd does not answer:\n" + log);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        return dockerd;
    }

    private boolean answers() throws InterruptedException {
        try {
            docker("version");
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private String docker(String words) throws IOException, InterruptedException {
        return Tools.shell(directory, "docker -H 'unix://" + directory.resolve("sock") + "' " + words);
    }

    /// What a container of the image would see.
    TreeView unpack(ImageFiles image, Instant begin) throws IOException, InterruptedException {
        try {
            Tools.shell(directory, "tar -cf image -C '" + image.directory() + "' .");
            docker("load -q -i image");
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("Error processing tar file")
                    || String.valueOf(e.getMessage()).contains("applying layer")) {
                return TreeView.REFUSED;
            }
            throw e;
        }
        Data data = Json.read(docker("image inspect -f '{{json .GraphDriver.Data}}' " + ImageFiles.NAME), Data.class);
        String top = String.valueOf(data.upperDir());
        String all = data.lowerDir() == null ? top : top + ":" + data.lowerDir();
        Path empty = Files.createDirectories(directory.resolve("empty"));
        return TreeView.ofLayers(Stream.of(all.split(":", -1)).map(Path::of).toList(), empty, begin);
    }

    /// The directories of overlay2.
    record Data(
            @JsonProperty("LowerDir") @Nullable String lowerDir,
            @JsonProperty("UpperDir") @Nullable String upperDir) {}

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while dockerd ends", e);
        }
        Tools.deleteTree(directory);
    }
}
