package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.gantry.kernel.Errno;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.program.Instruction;
import dev.gantry.runtime.program.Instruction.Call;
import dev.gantry.runtime.program.Program;
import dev.gantry.runtime.program.Section;
import dev.gantry.runtime.program.Syscall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The launch of a container, with each of its calls failing in turn.
@Timeout(300)
class LaunchFailureIT {
    private static final int EIO = 5;

    private CanaryHost host;

    @BeforeEach
    void open() throws Exception {
        host = new CanaryHost();
    }

    @AfterEach
    void close() throws Exception {
        host.close();
    }

    @Test
    void leavesNothingBehindWhicheverCallFails() throws Exception {
        List<Call> calls = callsThatCanFail(program());
        List<String> before = host.host();
        List<Call> survived = new ArrayList<>();
        List<Call> failed = new ArrayList<>();
        assertThat(host.leftBehind()).isEmpty();
        Map<String, Integer> descriptors = CanaryHost.descriptors();

        for (Call call : calls) {
            (startsWithout(call) ? survived : failed).add(call);

            assertThat(host.leftBehind()).as("after %s", call).isEmpty();
            assertThat(CanaryHost.opened(descriptors)).as("after %s", call).isEmpty();
        }
        assertThat(host.host()).isEqualTo(before);
        assertThat(failed).hasSizeGreaterThan(150);
        // what is ignored, and what makes directories and masks paths that are there or not
        assertThat(survived).noneMatch(call -> essential(call.syscall()));
    }

    private static boolean essential(Syscall syscall) {
        return switch (syscall) {
            case CLONE3, PIVOT_ROOT, UMOUNT2, SETRESUID, SETRESGID, SETGROUPS, CAPSET, SETSID -> true;
            default -> false;
        };
    }

    /// Whether the container starts although the call has failed; the failure names the step otherwise.
    private boolean startsWithout(Call call) throws Exception {
        ContainerRuntime runtime =
                host.runtime(plan -> new LaunchPlan(plan.program().failingAt(call.index(), EIO), plan.descriptors()));
        LaunchException[] failure = new LaunchException[1];
        RunningContainer container = null;
        try {
            container = host.start(runtime, CanaryHost.spec("/bin/true"));
        } catch (LaunchException e) {
            failure[0] = e;
        }
        if (container == null) {
            assertThat(failure[0].step()).isEqualTo(call.step().words());
            assertThat(failure[0].errno()).isEqualTo(new Errno(EIO));
            return false;
        }
        try (RunningContainer running = container) {
            assertTimeoutPreemptively(
                    Duration.ofSeconds(20),
                    () -> assertThat(running.awaitExit().code()).isZero(),
                    () -> "after " + call);
            running.drained();
            running.delete();
        }
        return true;
    }

    private Program program() throws Exception {
        List<LaunchPlan> plans = new ArrayList<>();
        ContainerRuntime runtime = host.runtime(plan -> {
            plans.add(plan);
            return plan;
        });
        host.run(runtime, CanaryHost.spec("/bin/true"));
        return plans.getFirst().program();
    }

    /// Without those of the resident part, which comes after the launch and has nobody to tell, and without exits.
    static List<Call> callsThatCanFail(Program program) {
        List<Call> calls = new ArrayList<>();
        for (Instruction each : program.instructions()) {
            if (each instanceof Instruction.Enter(Section section) && section == Section.RESIDENT) {
                return calls;
            }
            if (each instanceof Call call && call.syscall() != Syscall.EXIT_GROUP) {
                calls.add(call);
            }
        }
        return calls;
    }
}
