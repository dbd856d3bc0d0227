package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gantry.kernel.Signal;
import dev.gantry.oci.runtime.Process;
import dev.gantry.runtime.TestHost.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Processes that are executed in running containers.
@Timeout(60)
class ExecIT {
    private TestHost host;
    private RunningContainer container;

    @BeforeEach
    void startContainer() throws Exception {
        host = new TestHost();
        container = host.idle();
    }

    @AfterEach
    void removeContainer() throws Exception {
        TestHost.remove(container);
        assertThat(host.leftBehind()).isEmpty();
        assertThat(host.cgroups()).isEmpty();
        host.close();
    }

    @Test
    void passesStreamsAndTheExitCode() throws Exception {
        Process process = TestHost.process(container, "sh", "-c", "cat; echo err >&2; exit 7");

        assertThat(TestHost.exec(container, process, "in\n")).isEqualTo(new Ended(7, "in\n", "err\n"));
    }

    @Test
    void joinsAllNamespacesOfTheContainer() throws Exception {
        String main = "for n in cgroup ipc mnt net pid uts; do readlink /proc/1/ns/$n; done";
        String own = "for n in cgroup ipc mnt net pid uts; do readlink /proc/self/ns/$n; done";
        Process privileged = TestHost.process(container, "sh", "-c", main + ";" + own);
        try (ContainerProcess process = container.exec(new ExecLaunch(privileged, false, true))) {
            List<String> links = TestHost.end(process).output().lines().toList();
            assertThat(links).hasSize(12);
            assertThat(links.subList(6, 12)).isEqualTo(links.subList(0, 6));
            assertThat(links)
                    .doesNotContain(
                            Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")).toString());
        }
    }

    @Test
    void joinsAllCgroupsOfTheContainer() throws Exception {
        Process process = TestHost.process(container, "sleep", "1000");
        try (ContainerProcess executed = container.exec(new ExecLaunch(process, false, false))) {
            String main = Files.readString(Path.of("/proc/" + container.pid() + "/cgroup"));
            String own = Files.readString(Path.of("/proc/" + executed.pid() + "/cgroup"));

            assertThat(own).isEqualTo(main);
            assertThat(own.lines()).allMatch(line -> line.endsWith(host.cgroupParent() + "/" + container.id()));
            assertThat(container.processes()).containsExactlyInAnyOrder(container.pid(), executed.pid());
        }
    }

    @Test
    void seesTheContainerAndOnlyItsOwnStreams() throws Exception {
        Ended ended = TestHost.exec(
                container,
                "sh",
                "-c",
                "hostname; cat /proc/1/cmdline | tr '\\0' ' '; echo; "
                        + "ls /proc/self/fd; cat /proc/self/cgroup | grep -v ':/$' || true");

        // the fourth descriptor is the directory that ls reads
        assertThat(ended).isEqualTo(new Ended(0, "box\nsleep 1000 \n0\n1\n2\n3\n", ""));
    }

    @Test
    void readsNothingWithoutInput() throws Exception {
        Process process = TestHost.process(container, "sh", "-c", "cat; readlink /proc/self/fd/0");
        try (ContainerProcess executed = container.exec(new ExecLaunch(process, false, false))) {
            assertThat(executed.stdin()).isNull();
            assertThat(TestHost.end(executed).output()).isEqualTo("/dev/null\n");
        }
    }

    @Test
    void reportsTheSignalThatEndedIt() throws Exception {
        Process process = TestHost.process(container, "sleep", "1000");
        try (ContainerProcess executed = container.exec(new ExecLaunch(process, false, false))) {
            executed.kill(Signal.TERMINATE);
            ExitStatus status = executed.awaitExit();
            executed.drained();

            assertThat(status.code()).isEqualTo(143);
            assertThat(status.signal()).isEqualTo(Signal.TERMINATE);
            executed.kill(Signal.KILL); // nothing is there to be killed
        }
    }

    @Test
    void removesItsStateAndItsSupervisorWhenItIsDrained() throws Exception {
        Process process = TestHost.process(container, "true");
        try (ContainerProcess executed = container.exec(new ExecLaunch(process, false, false))) {
            Path state = host.state().resolve(container.id());
            assertThat(state.resolve("exec-1")).exists();
            assertThat(host.shims(container.id())).hasSize(2);

            ExitStatus status = executed.awaitExit();
            executed.drained();

            assertThat(state.resolve("exec-1")).doesNotExist();
            assertThat(host.shims(container.id())).hasSize(1);
            assertThat(executed.awaitExit()).isEqualTo(status);
        }
    }

    @Test
    void isEndedWithItsContainer() throws Exception {
        Process process = TestHost.process(container, "sleep", "1000");
        try (ContainerProcess executed = container.exec(new ExecLaunch(process, false, false))) {
            container.kill(Signal.KILL);

            assertThat(container.awaitExit().code()).isEqualTo(137);
            assertThat(executed.awaitExit().code()).isEqualTo(137);
            container.delete(); // nobody has drained the exec: its supervisor must not be in the way
            assertThat(executed.awaitExit().code()).isEqualTo(137);
        }
    }

    @Test
    void isRefusedAfterTheContainersEnd() throws Exception {
        container.kill(Signal.KILL);
        container.awaitExit();

        assertNotRunning();
        container.drained();
        assertNotRunning();
        container.delete();
        assertNotRunning();
    }

    private void assertNotRunning() {
        LaunchException failure = catchThrowableOfType(LaunchException.class, () -> TestHost.exec(container, "true"));
        assertThat(failure).hasMessage("container " + container.id() + " is not running");
        assertThat(failure.exitCode()).isEqualTo(LaunchException.SETUP);
    }

    @Test
    void isRefusedWhileTheContainerEnds() throws Exception {
        for (int i = 0; i < 40; i++) {
            RunningContainer dying = host.idle();
            Thread killer = Thread.ofPlatform().name("killer").start(() -> {
                try {
                    dying.kill(Signal.KILL);
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            try (ContainerProcess executed =
                    dying.exec(new ExecLaunch(TestHost.process(dying, "sleep", "1000"), false, false))) {
                assertThat(executed.awaitExit().code()).isEqualTo(137);
            } catch (LaunchException e) {
                assertThat(e.getMessage()).containsAnyOf("is not running", "was killed while");
            } finally {
                killer.join();
                TestHost.remove(dying);
            }
        }
    }

    @Test
    void isRefusedWhileTheContainerIsPaused() throws Exception {
        container.pause();
        LaunchException failure = catchThrowableOfType(LaunchException.class, () -> TestHost.exec(container, "true"));
        container.resume();

        assertThat(failure).hasMessage("container " + container.id() + " is paused");
        assertThat(TestHost.exec(container, "true").code()).isZero();
    }

    @Test
    void namesACommandThatCannotBeExecutedAsAStartDoes() throws Exception {
        assertFailure(127, "exec: \"nope\": executable file not found in $PATH", "nope");
        assertFailure(127, "exec: \"/nope\": stat /nope: no such file or directory", "/nope");
        assertFailure(126, "exec: \"/bin\": is a directory", "/bin");
        assertThat(host.shims(container.id())).hasSize(1);
        try (var state = Files.list(host.state().resolve(container.id()))) {
            assertThat(state.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrder("cgroup", "container", "status");
        }
        assertThat(container.processes()).containsExactly(container.pid());
    }

    private void assertFailure(int code, String message, String... command) {
        LaunchException failure = catchThrowableOfType(LaunchException.class, () -> TestHost.exec(container, command));
        assertThat(failure).hasMessage(message);
        assertThat(failure.exitCode()).isEqualTo(code);
    }

    @Test
    void runsManyAtOnce() throws Exception {
        try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
            var results = java.util.stream.IntStream.range(0, 40)
                    .mapToObj(i -> threads.submit(() -> TestHost.exec(container, "echo", "number " + i)))
                    .toList();
            for (int i = 0; i < results.size(); i++) {
                assertThat(results.get(i).get()).isEqualTo(new Ended(0, "number " + i + "\n", ""));
            }
        }
        assertThat(host.shims(container.id())).hasSize(1);
    }
}
