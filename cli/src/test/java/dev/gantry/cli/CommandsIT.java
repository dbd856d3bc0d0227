package dev.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command line as a process against a real dockerd, its output compared with the stock client's byte by byte.
class CommandsIT {
    private static final Path DOCKERD = Path.of("/usr/sbin/dockerd");
    private static final Path BUSYBOX = Path.of("/bin/busybox");

    @TempDir
    static Path directory;

    private static Process daemon;

    private record Result(int code, String out, String err) {}

    @BeforeAll
    static void startDockerd() throws Exception {
        assumeTrue(Files.isExecutable(DOCKERD), "dockerd is not installed");
        assumeTrue(Files.isExecutable(BUSYBOX), "busybox-static is not installed");
        assumeTrue("root".equals(System.getProperty("user.name")), "host: dockerd needs root");
        daemon = new ProcessBuilder(
                        DOCKERD.toString(),
                        "--data-root=" + directory.resolve("data"),
                        "--exec-root=" + directory.resolve("exec"),
                        "--host=unix://" + socket(),
                        "--pidfile=" + directory.resolve("pid"),
                        "--bridge=none",
                        "--iptables=false")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        Instant end = Instant.now().plus(Duration.ofSeconds(60));
        while (gantry("", "version").code() != 0) {
            assertThat(daemon.isAlive()).as("dockerd runs").isTrue();
            assertThat(Instant.now()).isBefore(end);
        }
        importBusybox();
    }

    private static void importBusybox() throws Exception {
        Path bin = Files.createDirectories(directory.resolve("root/bin"));
        Files.copy(BUSYBOX, bin.resolve("busybox"));
        for (String applet : List.of("sh", "cat", "echo", "sleep", "true", "md5sum")) {
            Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
        }
        Path archive = directory.resolve("root.tar");
        Process tar = new ProcessBuilder(
                        "tar", "-C", directory.resolve("root").toString(), "-cf", archive.toString(), ".")
                .start();
        assertThat(tar.waitFor()).isZero();
        assertThat(gantry("", "import", "-c", "CMD [\"sh\"]", archive.toString(), "busybox")
                        .out())
                .startsWith("sha256:");
    }

    @AfterAll
    static void stopDockerd() throws InterruptedException {
        if (daemon != null) {
            daemon.destroy();
            if (!daemon.waitFor(30, TimeUnit.SECONDS)) {
                daemon.destroyForcibly().waitFor();
            }
        }
    }

    private static Path socket() {
        return directory.resolve("docker.sock");
    }

    private static Result gantry(String input, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.gantry.cli.Main"));
        command.addAll(List.of(words));
        return run(input.getBytes(StandardCharsets.ISO_8859_1), command);
    }

    private static Result docker(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(words));
        return run(new byte[0], command);
    }

    private static Result run(byte[] input, List<String> command) throws IOException, InterruptedException {
        Path err = Files.createTempFile(directory, "err", "");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        builder.environment().put("DOCKER_HOST", "unix://" + socket());
        builder.environment().remove("GANTRY_HOST");
        Process process = builder.start();
        Thread writer = Thread.ofPlatform().name("test-input").start(() -> {
            try (var out = process.getOutputStream()) {
                out.write(input);
            } catch (IOException _) {
                // the process has ended: what it printed says why
            }
        });
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        process.getInputStream().transferTo(out);
        writer.join();
        int code = process.waitFor();
        return new Result(code, out.toString(StandardCharsets.ISO_8859_1), Files.readString(err));
    }

    @Test
    void runsAContainerAndGivesItsOutputAndExitCode() throws Exception {
        Result result =
                gantry("", "run", "--rm", "--network", "none", "busybox", "sh", "-c", "echo out; echo err >&2; exit 7");
        assertThat(result).isEqualTo(new Result(7, "out\n", "err\n"));
    }

    @Test
    void carriesAMegabyteThroughAContainer() throws Exception {
        byte[] random = new byte[1 << 20];
        new Random(1).nextBytes(random);
        String content = new String(random, StandardCharsets.ISO_8859_1);
        assertThat(gantry(content, "run", "--rm", "-i", "--network", "none", "busybox", "cat")
                        .out())
                .isEqualTo(content);
    }

    @Test
    void tellsFailuresOfTheStartByTheirExitCodes() throws Exception {
        assertThat(gantry("", "run", "--rm", "--network", "none", "busybox", "absent")
                        .code())
                .isEqualTo(127);
        assertThat(gantry("", "run", "--rm", "--network", "none", "busybox", "/bin")
                        .code())
                .isEqualTo(126);
        assertThat(gantry("", "run", "--name", "a/b", "busybox").code()).isEqualTo(125);
    }

    private static final List<List<String>> COMPARED = List.of(
            List.of(
                    "ps",
                    "--no-trunc",
                    "--format",
                    "table {{.ID}}\\t{{.Names}}\\t{{.Labels}}\\t{{.Label \"a\"}}\\t{{.Command}}"),
            List.of("ps", "-q", "--filter", "name=same"),
            List.of(
                    "images",
                    "--no-trunc",
                    "--format",
                    "{{.ID}} {{.Digest}} {{.Size}} {{.VirtualSize}} {{.CreatedAt}}"),
            List.of("inspect", "same"),
            List.of(
                    "inspect",
                    "-f",
                    "{{.State.Status}} {{range .Config.Cmd}}[{{.}}]{{end}} {{json .Config.Labels}}",
                    "same"),
            List.of("history", "--format", "{{.CreatedAt}} {{.Size}} {{.Comment}}", "busybox"),
            List.of("top", "same", "-o", "pid,args"),
            List.of("stats", "--no-stream", "--format", "table {{.Name}}\\t{{.ID}}\\t{{.NetIO}}\\t{{.PIDs}}"),
            List.of("stats", "--no-stream", "-a", "--no-trunc", "--format", "{{.ID}} {{.BlockIO}} {{.PIDs}}", "same"),
            List.of("stats", "--no-stream", "--format", "{{.Foo}}", "same"),
            List.of("stats", "--no-stream", "absent", "same", "gone"),
            List.of("inspect", "absent"),
            List.of("inspect", "-f", "{{.Foo}}", "same"),
            List.of("rm", "absent"),
            List.of("stop", "-t", "x", "same"));

    @Test
    void printsWhatTheStockClientPrints() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/local/bin/docker")), "the docker client is not installed");
        assertThat(gantry(
                                "",
                                "run",
                                "-d",
                                "--name",
                                "same",
                                "--network",
                                "none",
                                "-l",
                                "a=b",
                                "busybox",
                                "sleep",
                                "600")
                        .code())
                .isZero();
        try {
            for (List<String> words : COMPARED) {
                Result stock = docker(words.toArray(String[]::new));
                while (words.getFirst().equals("stats") && stock.out().contains("--")) {
                    // it waits two seconds for an answer that takes dockerd as long
                    stock = docker(words.toArray(String[]::new));
                }
                Result own = gantry("", words.toArray(String[]::new));
                assertThat(new Result(own.code(), own.out(), own.err().replace("gantry", "docker")))
                        .as(String.join(" ", words))
                        .isEqualTo(stock);
            }
            assertThat(gantry("", "exec", "same", "sh", "-c", "exit 4").code()).isEqualTo(4);
        } finally {
            assertThat(gantry("", "rm", "-f", "same").out()).isEqualTo("same\n");
        }
    }
}
