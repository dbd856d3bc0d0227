package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.gantry.kernel.Errno;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.User;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.program.Instruction.Call;
import dev.gantry.runtime.program.Syscall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The launch of a process in a running container, with each of its calls failing in turn.
@Timeout(300)
class ExecFailureIT {
    private static final int EIO = 5;

    /// What is executed.
    enum Kind {
        PLAIN,
        WITH_INPUT,
        ON_A_TERMINAL_AS_ANOTHER_USER;

        ExecLaunch launch(Process main) {
            boolean terminal = this == ON_A_TERMINAL_AS_ANOTHER_USER;
            Process process = new Process(
                    terminal,
                    null,
                    terminal ? new User(1000, 1001, null, List.of(1002L), null) : main.user(),
                    List.of("/bin/echo", "done"),
                    main.env(),
                    terminal ? "/bin" : main.cwd(),
                    main.capabilities(),
                    main.rlimits(),
                    main.noNewPrivileges(),
                    main.apparmorProfile(),
                    main.oomScoreAdj(),
                    null,
                    null,
                    null,
                    null);
            return new ExecLaunch(process, this == WITH_INPUT, false);
        }
    }

    private final List<LaunchPlan> plans = new ArrayList<>();
    private UnaryOperator<LaunchPlan> variant = UnaryOperator.identity();
    private CanaryHost host;
    private RunningContainer container;

    @BeforeEach
    void startContainer() throws Exception {
        host = new CanaryHost();
        ContainerRuntime runtime = host.runtime(plan -> {
            plans.add(plan);
            return variant.apply(plan);
        });
        container = host.start(runtime, CanaryHost.spec("/bin/sleep", "1000"));
    }

    @AfterEach
    void removeContainer() throws Exception {
        CanaryHost.end(container);
        container.close();
        assertThat(host.leftBehind()).isEmpty();
        host.close();
    }

    @ParameterizedTest
    @EnumSource
    void leavesNothingBehindWhicheverCallFails(Kind kind) throws Exception {
        ExecLaunch launch = kind.launch(CanaryHost.spec("/bin/true").process());
        run(launch);
        List<Call> calls = LaunchFailureIT.callsThatCanFail(plans.getLast().program());
        List<String> hostBefore = host.host();
        List<String> before = everything();
        Map<String, Integer> descriptors = CanaryHost.descriptors();
        List<Call> survived = new ArrayList<>();
        List<Call> failed = new ArrayList<>();

        for (Call call : calls) {
            (runsWithout(launch, call) ? survived : failed).add(call);

            assertThat(everything()).as("after %s", call).isEqualTo(before);
            assertThat(CanaryHost.opened(descriptors)).as("after %s", call).isEmpty();
            run(launch);
        }
        assertThat(host.host()).isEqualTo(hostBefore);
        assertThat(failed).hasSizeGreaterThan(60);
        assertThat(failed)
                .extracting(Call::syscall)
                .contains(Syscall.CLONE3, Syscall.SETNS, Syscall.SETSID, Syscall.CAPSET, Syscall.SETRESUID);
        // what is ignored, and what is done otherwise when it fails
        assertThat(survived).noneMatch(call -> essential(call.syscall()));
    }

    private static boolean essential(Syscall syscall) {
        return switch (syscall) {
            case CLONE3, SETNS, SETRESUID, SETRESGID, SETGROUPS, CAPSET, SETSID, CLOSE_RANGE -> true;
            default -> false;
        };
    }

    /// State files, cgroups, processes in the container's cgroup, and this process's children: its shims, too.
    private List<String> everything() throws IOException {
        List<String> all = new ArrayList<>(host.leftBehind());
        try (Stream<Path> files = Files.walk(host.beside("state"))) {
            files.map(Path::toString).sorted().forEach(all::add);
        }
        container.processes().forEach(each -> all.add("member " + each));
        return all;
    }

    /// The container is as usable as before.
    private void run(ExecLaunch launch) throws Exception {
        variant = UnaryOperator.identity();
        try (ContainerProcess process = container.exec(launch)) {
            assertThat(end(process)).isEqualTo("done");
        }
    }

    private static String end(ContainerProcess process) {
        return assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            String output = new String(process.stdout().readAllBytes(), StandardCharsets.UTF_8).strip();
            assertThat(process.awaitExit().code()).isZero();
            process.drained();
            return output;
        });
    }

    /// Whether the process runs although the call has failed; the failure names the step otherwise.
    private boolean runsWithout(ExecLaunch launch, Call call) throws Exception {
        variant = plan -> new LaunchPlan(plan.program().failingAt(call.index(), EIO), plan.descriptors());
        try (ContainerProcess process = container.exec(launch)) {
            assertThat(end(process)).as("after %s", call).isEqualTo("done");
            return true;
        } catch (LaunchException e) {
            assertThat(e.step()).as("after %s", call).isEqualTo(call.step().words());
            assertThat(e.errno()).isEqualTo(new Errno(EIO));
            return false;
        }
    }
}
