package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.kernel.Pidfd;
import dev.gantry.kernel.Signal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The shims of containers and of execs.
@Timeout(60)
class SupervisorIT {
    private TestHost host;
    private RunningContainer container;
    private int shimOfContainer;

    @BeforeEach
    void startContainer() throws Exception {
        host = new TestHost();
        container = host.idle();
        shimOfContainer = host.shims(container.id()).getFirst();
    }

    @AfterEach
    void removeContainer() throws Exception {
        TestHost.remove(container);
        assertThat(host.leftBehind()).isEmpty();
        assertThat(host.cgroups()).isEmpty();
        host.close();
    }

    private static void kill(int pid, Signal signal) throws IOException {
        try (Pidfd process = Pidfd.open(pid)) {
            process.send(signal);
        }
    }

    private ContainerProcess execute(String... command) throws IOException {
        return container.exec(new ExecLaunch(TestHost.process(container, command), true, false));
    }

    private int shimOfExec() throws IOException {
        List<Integer> others = new ArrayList<>(host.shims(container.id()));
        others.remove(Integer.valueOf(shimOfContainer));
        assertThat(others).hasSize(1);
        return others.getFirst();
    }

    @Test
    void mayBeKilledWithoutAnybodyWaitingForEver() throws Exception {
        int main = container.pid();
        kill(shimOfContainer, Signal.KILL);

        ExitStatus status = container.awaitExit();

        assertThat(status.code()).isEqualTo(ExitStatus.UNKNOWN);
        assertThat(status.signal()).isNull();
        assertThat(container.awaitExit()).isEqualTo(status);
        assertThat(container.processes()).containsExactly(main); // until the container is deleted
        container.drained();
        container.delete();
        TestHost.await("the main process to end", () -> !Files.exists(Path.of("/proc/" + main + "/exe")));
    }

    @Test
    void ofAnExecMayBeKilledWithoutAnybodyWaitingForEver() throws Exception {
        try (ContainerProcess process = execute("sleep", "1000")) {
            kill(shimOfExec(), Signal.KILL);

            assertThat(process.awaitExit().code()).isEqualTo(ExitStatus.UNKNOWN);
            process.drained();
            assertThat(host.state().resolve(container.id()).resolve("exec-1")).doesNotExist();
            process.kill(Signal.KILL); // still the right process
            TestHost.await("the process to end", () -> container.processes().size() == 1);
        }
    }

    @Test
    void holdNothingOfTheDaemons() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                FileChannel file = FileChannel.open(
                        host.state().resolve("../open"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                ContainerProcess process = execute("sleep", "1000")) {
            assertThat(listener.isBound()).isTrue();
            assertThat(file.isOpen()).isTrue();
            for (int shim : host.shims(container.id())) {
                List<String> descriptors = descriptors(shim);
                assertThat(descriptors)
                        .filteredOn(each -> !each.startsWith("pipe:") && !each.equals("/dev/null"))
                        // the container's own root, which the shim of the main process keeps
                        .filteredOn(each -> !each.equals("/"))
                        .hasSize(4)
                        .anyMatch(each -> each.contains("[eventfd"))
                        .anyMatch(each -> each.contains("pidfd"))
                        .anyMatch(each -> each.contains(container.id()));
            }
            assertThat(process.pid()).isPositive();
        }
    }

    private static List<String> descriptors(int pid) throws IOException {
        List<String> result = new ArrayList<>();
        try (var all = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path each : all.toList()) {
                result.add(Files.readSymbolicLink(each).toString());
            }
        }
        return result;
    }

    @Test
    void areOutOfReachOfSignalsAndOfTheTerminal() throws Exception {
        try (ContainerProcess process = execute("sleep", "1000")) {
            for (int shim : host.shims(container.id())) {
                List<String> status = Files.readAllLines(Path.of("/proc/" + shim + "/status"));
                assertThat(status)
                        .contains("SigBlk:\tfffffffffffbfeff", "SigIgn:\t0000000000000000", "NSsid:\t" + shim);
                assertThat(Files.readSymbolicLink(Path.of("/proc/" + shim + "/cwd")))
                        .isEqualTo(Path.of("/"));
            }
            for (Signal each : List.of(Signal.TERMINATE, Signal.INTERRUPT, Signal.HANGUP)) {
                kill(host.shims(container.id()).getFirst(), each);
            }
            assertThat(TestHost.exec(container, "true").code()).isZero();
            process.kill(Signal.KILL);
            assertThat(process.awaitExit().signal()).isEqualTo(Signal.KILL);
        }
    }

    /// What a container writes just before its end is not lost while nobody reads.
    @Test
    void keepTheOutputUntilItIsDrained() throws Exception {
        try (ContainerProcess process = execute("sh", "-c", "head -c 60000 /dev/zero; exit 6")) {
            int shim = shimOfExec();
            assertThat(process.awaitExit().code()).isEqualTo(6);
            assertThat(Files.exists(Path.of("/proc/" + shim + "/exe"))).isTrue();

            assertThat(process.stdout().readAllBytes()).hasSize(60_000);
            process.drained();
            assertThat(Files.exists(Path.of("/proc/" + shim))).isFalse(); // and waited for: no zombie
        }
    }
}
