package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// containerd runs, executes in and kills containers with `gantry runtime` in place of runc.
class ContainerdIT {
    private static final String ID = "ctr-it";

    private Path directory;
    private Process containerd;

    @BeforeEach
    void startContainerd() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/containerd")), "host: containerd is not installed");
        directory = Files.createTempDirectory("gantry-e2e");
        Path root = Files.createDirectory(directory.resolve("rootfs"));
        Result unpacked = Command.run(List.of("tar", "-x", "-C", root.toString()), Map.of(), BusyboxImage.tar());
        assertThat(unpacked.exit()).as(unpacked::toString).isZero();
        Files.writeString(directory.resolve("config.toml"), """
                version = 2
                root = "%1$s/root"
                state = "%1$s/state"
                disabled_plugins = ["io.containerd.grpc.v1.cri"]
                [grpc]
                  address = "%1$s/sock"
                """.formatted(directory));
        containerd = new ProcessBuilder(
                        "containerd",
                        "--config",
                        directory.resolve("config.toml").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        Waiting.until(() -> !containerd.isAlive() || ctr("version").exit() == 0, () -> "containerd does not answer");
    }

    @AfterEach
    void stopContainerd() throws Exception {
        if (containerd == null) {
            return;
        }
        Result _ = ctr("task", "kill", "--signal", "KILL", ID);
        Result _ = ctr("task", "rm", "--force", ID);
        containerd.destroy();
        containerd.waitFor();
        for (Path group : Cgroups.named("default")) {
            Files.deleteIfExists(group);
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private Result ctr(String... arguments) throws IOException {
        List<String> words = new ArrayList<>(
                List.of("ctr", "--address", directory.resolve("sock").toString()));
        words.addAll(List.of(arguments));
        return Command.run(words, Environment.forGantry());
    }

    private String[] run(String... command) {
        List<String> words = new ArrayList<>(List.of(
                "run",
                "--runc-binary",
                Repository.gantry().resolveSibling("gantry-runtime").toString(),
                "--runc-root",
                directory.resolve("runtime").toString(),
                "--rootfs"));
        words.addAll(List.of(command));
        return words.toArray(String[]::new);
    }

    @Test
    void runsAContainerToItsEnd() throws IOException {
        Result result = ctr(run("--rm", directory.resolve("rootfs").toString(), ID, "sh", "-c", "echo out; exit 5"));

        assertThat(result.out()).as(result::toString).isEqualTo("out\n");
        assertThat(result.exit()).isEqualTo(5);
    }

    @Test
    void executesInAContainerAndKillsIt() throws IOException {
        Result started = ctr(run("--detach", directory.resolve("rootfs").toString(), ID, "sleep", "1000"));
        assertThat(started.exit()).as(started::toString).isZero();

        Result executed = ctr("task", "exec", "--exec-id", "x", ID, "cat", "/proc/1/comm");

        assertThat(executed.out()).as(executed::toString).isEqualTo("sleep\n");
        Result killed = ctr("task", "kill", "--signal", "KILL", ID);
        assertThat(killed.exit()).as(killed::toString).isZero();
        Waiting.until(() -> ctr("task", "ls").out().contains("STOPPED"), () -> "the task does not stop");
    }
}
