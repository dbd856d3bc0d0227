package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gantry.kernel.Signal;
import dev.gantry.runtime.TestHost.Ended;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Real containers, from a root file system of busybox.
@Timeout(60)
class HostRuntimeIT {
    private TestHost host;

    @BeforeEach
    void makeHost() throws Exception {
        host = new TestHost();
    }

    @AfterEach
    void removeHost() throws Exception {
        assertThat(host.leftBehind()).isEmpty();
        assertThat(host.cgroups()).isEmpty();
        host.close();
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
                .contains("sysfs on /sys type sysfs (ro")
                .contains(
                        TestCgroups.unified()
                                ? "cgroup on /sys/fs/cgroup type cgroup2 (ro,nosuid,nodev,noexec"
                                : "cgroup on /sys/fs/cgroup/memory type cgroup (ro")
                .doesNotContain(host.state().toString());
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
        try (RunningContainer container = host.start("sleep", "1000")) {
            container.kill(Signal.KILL);

            ExitStatus status = container.awaitExit();

            assertThat(status.code()).isEqualTo(137);
            assertThat(status.signal()).isEqualTo(Signal.KILL);
            container.drained();
            container.delete();
        }
        assertThat(host.leftBehind()).isEmpty();
    }

    @Test
    void pausesAndResumes() throws Exception {
        try (RunningContainer container = host.start("sh", "-c", "read line; echo got $line")) {
            container.pause();
            try (OutputStream input = container.stdin()) {
                input.write("it\n".getBytes(StandardCharsets.UTF_8));
            }
            assertThat(Files.readString(Path.of("/proc/" + container.pid() + "/cgroup")))
                    .contains((TestCgroups.unified() ? "::" : ":freezer:") + host.cgroupParent());
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
        LaunchException failure = catchThrowableOfType(LaunchException.class, () -> host.start("nope"));

        assertThat(failure).hasMessage("exec: \"nope\": executable file not found in $PATH");
        assertThat(failure.exitCode()).isEqualTo(127);
        assertThat(host.leftBehind()).isEmpty();
    }

    @Test
    void refusesADirectoryAsCommand() throws IOException {
        LaunchException failure = catchThrowableOfType(LaunchException.class, () -> host.start("/bin"));

        assertThat(failure).hasMessage("exec: \"/bin\": is a directory");
        assertThat(failure.exitCode()).isEqualTo(126);
        assertThat(host.leftBehind()).isEmpty();
    }

    private Ended run(String input, String... command) throws Exception {
        RunningContainer container = host.start(command);
        try {
            return TestHost.end(container, input);
        } finally {
            TestHost.remove(container);
        }
    }
}
