package dev.gantry.runtime.launch.compile;

import static dev.gantry.runtime.launch.compile.Emitter.ZERO;
import static dev.gantry.runtime.launch.compile.Emitter.value;

import dev.gantry.runtime.launch.Host;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.launch.LaunchPlan.Wanted;
import dev.gantry.runtime.launch.Links;
import dev.gantry.runtime.launch.ProcessPlan;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Role;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.Syscall;
import dev.gantry.runtime.program.part.Descriptors;
import dev.gantry.runtime.program.part.Farewell;
import dev.gantry.runtime.program.part.ParentBranch;
import dev.gantry.runtime.program.part.Supervisor;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What the programs of containers and of execs have in common: the shim around them, and the command at their end.
final class Frame {
    /// What the container's side needs; everything else is the shim's or the host's.
    private static final List<String> CONTAINERS_OWN = List.of(
            LaunchPlan.REPORT,
            LaunchPlan.RECORDED,
            LaunchPlan.GATE,
            LaunchPlan.START_REPORT,
            LaunchPlan.STDIN,
            LaunchPlan.STDOUT,
            LaunchPlan.STDERR,
            LaunchPlan.TERMINAL,
            LaunchPlan.DEVPTS,
            LaunchPlan.GO,
            LaunchPlan.CREATE_STATE,
            LaunchPlan.START_STATE,
            LaunchPlan.namespace("time"),
            LaunchPlan.ROOT);

    private final Emitter e;
    private final ProgramBuilder b;
    private final Host host;
    private final ProcessPlan process;

    Frame(Host host, ProcessPlan process, Links links, UnaryOperator<String> origins) {
        DescriptorPlan descriptors = new DescriptorPlan();
        for (int i = 0; i < process.preserved(); i++) {
            descriptors.number(LaunchPlan.preserved(i));
        }
        this.b = new ProgramBuilder(descriptors.number(LaunchPlan.REPORT));
        this.e = new Emitter(b, descriptors, host.architecture(), links, origins);
        this.host = host;
        this.process = process;
        descriptors.number(LaunchPlan.CONTROL);
        descriptors.number(LaunchPlan.SHIM_CGROUP);
        if (process.supervised()) {
            descriptors.number(LaunchPlan.CONTROL_KEPT);
            descriptors.number(LaunchPlan.STATUS);
            descriptors.number(LaunchPlan.EXITED);
            descriptors.number(LaunchPlan.RECORDED);
        }
        streamNames().forEach(descriptors::number);
        if (host.unified()) {
            descriptors.number(LaunchPlan.UNIFIED);
        }
        for (int i = 0; i < host.hierarchies().size(); i++) {
            descriptors.number(LaunchPlan.cgroup(i));
        }
        if (process.notifies()) {
            descriptors.number(LaunchPlan.GO);
        }
    }

    private List<String> streamNames() {
        return allStreamNames().stream()
                .filter(name -> process.supervised() || !LaunchPlan.KEPT.contains(name))
                .toList();
    }

    private List<String> allStreamNames() {
        return switch (process.streams()) {
            case TERMINAL ->
                List.of(
                        LaunchPlan.TERMINAL,
                        LaunchPlan.MASTER_KEPT,
                        LaunchPlan.RELAY_READ_KEPT,
                        LaunchPlan.RELAY_WRITE_KEPT);
            case PIPES ->
                List.of(
                        LaunchPlan.STDIN,
                        LaunchPlan.STDOUT,
                        LaunchPlan.STDERR,
                        LaunchPlan.STDIN_KEPT,
                        LaunchPlan.STDOUT_KEPT,
                        LaunchPlan.STDERR_KEPT);
            case PIPES_WITHOUT_INPUT ->
                List.of(LaunchPlan.STDOUT, LaunchPlan.STDERR, LaunchPlan.STDOUT_KEPT, LaunchPlan.STDERR_KEPT);
        };
    }

    Emitter emitter() {
        return e;
    }

    /// The first steps of the shim.
    void begin() {
        b.step(Role.SHIM, "let nobody look into this process", "default");
        b.call(Syscall.PRCTL, value(Uapi.PR_SET_DUMPABLE), ZERO);
        b.step(Role.SHIM, "close what the daemon left open", "default");
        Descriptors.closeFrom(b, e.descriptors.free(), List.of());
        b.step(Role.SHIM, "live in a cgroup of its own", "default");
        b.call(Syscall.WRITE, e.descriptor(LaunchPlan.SHIM_CGROUP), e.text("0"), value(1));
    }

    /// The cgroup v2 directory that the process is born in.
    @Nullable
    Operand unified() {
        return host.unified() ? e.descriptor(LaunchPlan.UNIFIED) : null;
    }

    void joinCgroups() {
        for (int i = 0; i < host.hierarchies().size(); i++) {
            e.step("join the container's cgroups", "default");
            b.call(Syscall.WRITE, e.descriptor(LaunchPlan.cgroup(i)), e.text("0"), value(1));
        }
    }

    /// Closes what a process in a joined PID namespace must not find. What was opened since then is the container's
    /// own.
    void closeHostDescriptors() {
        List<String> names = e.descriptors.names();
        int first = 0;
        while (first < names.size()) {
            int next = first;
            while (next < names.size() && !isContainersOwn(names.get(next))) {
                next++;
            }
            if (next > first) {
                long last = DescriptorPlan.FIRST + next - 1L;
                b.call(Syscall.CLOSE_RANGE, value(DescriptorPlan.FIRST + first), value(last), ZERO);
            }
            first = next + 1;
        }
    }

    private static boolean isContainersOwn(String name) {
        return CONTAINERS_OWN.contains(name) || LaunchPlan.isPreserved(name) || LaunchPlan.isFilled(name);
    }

    /// The steps from the limits to `execve`.
    ///
    /// @param beforeStart appends what runs as the user, just before the command
    void command(ProcessSteps steps, Operand root, Runnable beforeStart) {
        CredentialSteps credentials = new CredentialSteps(e, process);
        new SchedulingSteps(e, process.scheduling()).all();
        steps.limits();
        Slot entered = steps.enterDirectory(root);
        credentials.become(host.lastCapability());
        steps.enterDirectoryAsUser(root, entered);
        ExecuteSteps execute = new ExecuteSteps(e, process);
        if (e.descriptors.contains(LaunchPlan.GATE)) {
            atGate(steps, credentials, execute, beforeStart);
        } else {
            atOnce(steps, credentials, execute, beforeStart);
        }
        execute.execute();
    }

    private void atOnce(ProcessSteps steps, CredentialSteps credentials, ExecuteSteps execute, Runnable beforeStart) {
        beforeStart.run();
        steps.tightLimits();
        execute.closeOnExec();
        if (process.notifies()) {
            notified(credentials.seal());
        }
        execute.announce();
        if (process.supervised()) {
            execute.awaitRecord();
        }
        if (!process.notifies()) {
            Operand _ = credentials.seal();
        }
    }

    /// A filter that notifies holds for what runs before the command, too: its agent is told while `create` is there.
    private void atGate(ProcessSteps steps, CredentialSteps credentials, ExecuteSteps execute, Runnable beforeStart) {
        execute.closeOnExec();
        if (process.notifies()) {
            steps.tightLimits();
            notified(credentials.seal());
        }
        execute.announce();
        execute.awaitStart(e.descriptor(LaunchPlan.GATE), e.descriptor(LaunchPlan.START_REPORT));
        beforeStart.run();
        if (!process.notifies()) {
            steps.tightLimits();
            Operand _ = credentials.seal();
        }
    }

    /// While the daemon is still there to take the listener to the agent, which answers for what comes after.
    private void notified(Operand listener) {
        new StopSteps(e).stop("wait until the agent has the seccomp listener", Wanted.LISTENER, ZERO, listener);
    }

    /// What the process goes on with that has made the container's.
    ParentBranch parent() {
        return process.supervised() ? supervisor() : new Farewell(e.descriptors.number(LaunchPlan.CONTROL));
    }

    private Supervisor supervisor() {
        List<Integer> held = new ArrayList<>();
        for (String name : LaunchPlan.KEPT) {
            if (e.descriptors.contains(name) && !name.equals(LaunchPlan.STDIN_KEPT)) {
                held.add(e.descriptors.number(name));
            }
        }
        OptionalInt input = e.descriptors.contains(LaunchPlan.STDIN_KEPT)
                ? OptionalInt.of(e.descriptors.number(LaunchPlan.STDIN_KEPT))
                : OptionalInt.empty();
        return new Supervisor(
                e.descriptors.number(LaunchPlan.CONTROL),
                e.descriptors.number(LaunchPlan.STATUS),
                e.descriptors.number(LaunchPlan.EXITED),
                input,
                e.descriptors.free(),
                held);
    }

    LaunchPlan plan() {
        return new LaunchPlan(b.build(), e.descriptors.names());
    }
}
