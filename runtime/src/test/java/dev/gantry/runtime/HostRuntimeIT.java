package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gantry.kernel.Poller;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.kernel.Signal;
import dev.gantry.oci.Json;
import dev.gantry.oci.runtime.Spec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Real containers, from a root file system of busybox.
@Timeout(60)
class HostRuntimeIT {
    private static final Path BUSYBOX = Path.of("/bin/busybox");

    private Path directory;
    private Poller poller;
    private ContainerRuntime runtime;
    private String cgroupParent;

    @BeforeEach
    void makeRoot() throws Exception {
        directory = Files.createTempDirectory("gantry-runtime");
        Path bin = Files.createDirectories(directory.resolve("image/bin"));
        Files.copy(BUSYBOX, bin.resolve("busybox"));
        for (String applet : List.of("sh", "true", "echo", "cat", "sleep", "ls", "id", "mount", "hostname", "wc")) {
            Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
        }
        Files.createDirectories(directory.resolve("upper"));
        Files.createDirectories(directory.resolve("work"));
        poller = Poller.start("test poller");
        cgroupParent = "/gantry-test-" + UUID.randomUUID();
        runtime = ContainerRuntime.on(
                poller, new RuntimeOptions(directory.resolve("state"), cgroupParent, null, _ -> {}));
    }

    @AfterEach
    void removeRoot() throws Exception {
        poller.close();
        try (SafeDirectory temporary = SafeDirectory.open(directory.getParent())) {
            temporary.removeTree(directory.getFileName().toString());
        }
        try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
            for (Path hierarchy : hierarchies.toList()) {
                Path parent = hierarchy.resolve(cgroupParent.substring(1));
                Files.deleteIfExists(parent.resolve("supervisors"));
                Files.deleteIfExists(parent);
            }
        }
    }

    @Test
    void runsACommandAndKnowsHowItEnded() throws Exception {
        Ended ended = run("", "sh", "-c", "echo out; echo err >&2; exit 7");

        assertThat(ended).isEqualTo(new Ended(7, "out\n", "err\n"));
    }

    @Test
    void givesTheContainerNamespacesAndMountsOfItsOwn() throws Exception {
        Ended ended = run("", "sh", "-c", "hostname; echo $$; ls /proc/self/fd | wc -l; ls /dev; mount");

        assertThat(ended.error()).isEmpty();
        assertThat(ended.output().lines()).startsWith("box", "1", "4").contains("null", "pts", "shm", "zero");
        assertThat(ended.output())
                .contains("overlay on / type overlay (rw", "proc on /proc type proc (rw,nosuid,nodev,noexec")
                .contains("sysfs on /sys type sysfs (ro", "cgroup on /sys/fs/cgroup/memory type cgroup (ro")
                .doesNotContain(directory.resolve("state").toString());
    }

    @Test
    void bringsUpTheLoopbackOfANewNetworkNamespace() throws Exception {
        Ended ended = run("", "sh", "-c", "busybox ip -o link; busybox ping -c 1 127.0.0.1");

        assertThat(ended.output()).contains("lo: <LOOPBACK,UP,LOWER_UP>").contains("1 packets received");
    }

    @Test
    void passesInputAndItsEnd() throws Exception {
        assertThat(run("x".repeat(300_000), "cat").output()).hasSize(300_000);
    }

    @Test
    void reportsTheSignalThatEndedTheProcess() throws Exception {
        try (RunningContainer container = runtime.start(launch("sleep", "1000"))) {
            container.kill(Signal.KILL);

            ExitStatus status = container.awaitExit();

            assertThat(status.code()).isEqualTo(137);
            assertThat(status.signal()).isEqualTo(Signal.KILL);
            container.drained();
            container.delete();
        }
        assertThat(leftBehind()).isEmpty();
    }

    @Test
    void pausesAndResumes() throws Exception {
        try (RunningContainer container = runtime.start(launch("sh", "-c", "read line; echo got $line"))) {
            container.pause();
            try (OutputStream input = container.stdin()) {
                input.write("it\n".getBytes(StandardCharsets.UTF_8));
            }
            assertThat(Files.readString(Path.of("/proc/" + container.pid() + "/cgroup")))
                    .contains(":freezer:" + cgroupParent);
            container.resume();

            assertThat(new String(container.stdout().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("got it\n");
            container.awaitExit();
            container.drained();
            container.delete();
        }
    }

    @Test
    void namesACommandThatDoesNotExist() throws IOException {
        LaunchException failure = catchThrowableOfType(LaunchException.class, () -> runtime.start(launch("nope")));

        assertThat(failure).hasMessage("exec: \"nope\": executable file not found in $PATH");
        assertThat(failure.exitCode()).isEqualTo(127);
        assertThat(leftBehind()).isEmpty();
    }

    @Test
    void refusesADirectoryAsCommand() throws IOException {
        LaunchException failure = catchThrowableOfType(LaunchException.class, () -> runtime.start(launch("/bin")));

        assertThat(failure).hasMessage("exec: \"/bin\": is a directory");
        assertThat(failure.exitCode()).isEqualTo(126);
        assertThat(leftBehind()).isEmpty();
    }

    private record Ended(int code, String output, String error) {}

    private Ended run(String input, String... command) throws Exception {
        try (RunningContainer container = runtime.start(launch(command))) {
            Thread writer = Thread.ofVirtual().name("input").start(() -> {
                try (OutputStream in = container.stdin()) {
                    in.write(input.getBytes(StandardCharsets.UTF_8));
                } catch (IOException _) {
                    // the command did not want all of it
                }
            });
            String output = new String(container.stdout().readAllBytes(), StandardCharsets.UTF_8);
            String error = new String(container.stderr().readAllBytes(), StandardCharsets.UTF_8);
            writer.join();
            int code = container.awaitExit().code();
            container.drained();
            container.delete();
            return new Ended(code, output, error);
        }
    }

    private List<Path> leftBehind() throws IOException {
        try (Stream<Path> states = Files.list(directory.resolve("state"))) {
            return states.toList();
        }
    }

    private ContainerLaunch launch(String... command) throws IOException {
        return new ContainerLaunch(
                "c" + UUID.randomUUID(),
                spec(command),
                runtime.mount(new RootFileSystem.Overlay(
                        List.of(directory.resolve("image")), directory.resolve("upper"), directory.resolve("work"))),
                true,
                false,
                Origins.NONE);
    }

    private static Spec spec(String... command) throws IOException {
        Spec spec = Json.read(
                HostRuntimeIT.class.getResourceAsStream("default-spec.json").readAllBytes(), Spec.class);
        return spec.withProcess(spec.process().withArgs(List.of(command)));
    }
}
