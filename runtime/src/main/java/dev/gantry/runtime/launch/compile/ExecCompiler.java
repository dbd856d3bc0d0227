package dev.gantry.runtime.launch.compile;

import static dev.gantry.runtime.launch.compile.Emitter.value;

import dev.gantry.runtime.launch.ExecNamespaces;
import dev.gantry.runtime.launch.Host;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.launch.Links;
import dev.gantry.runtime.launch.ProcessPlan;
import dev.gantry.runtime.launch.RefusedException;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.Syscall;
import dev.gantry.runtime.program.part.Start;
import java.util.List;
import java.util.function.UnaryOperator;

/// Compiles the program that executes another process in a container.
public final class ExecCompiler {
    private static final String TIME = "time";

    private final Request request;
    private final Frame frame;
    private final Emitter e;
    private final ProgramBuilder b;
    private final ProcessSteps process;

    private ExecCompiler(Request request) {
        this.request = request;
        this.frame = new Frame(request.host(), request.process(), Links.NONE, request.origins());
        this.e = frame.emitter();
        this.b = e.b;
        this.process =
                new ProcessSteps(e, request.process(), request.namespaces().user());
        e.descriptors.number(LaunchPlan.TARGET);
        if (request.namespaces().time()) {
            e.descriptors.number(LaunchPlan.namespace(TIME));
        }
    }

    /// What an exec is compiled from.
    ///
    /// @param id the container's
    /// @param origins why an item of the process is there, by its name
    public record Request(
            String id, ProcessPlan process, Host host, ExecNamespaces namespaces, UnaryOperator<String> origins) {}

    /// Compiles the program.
    ///
    /// @throws RefusedException if the user does not exist in the container's user namespace
    public static LaunchPlan compile(Request request) throws RefusedException {
        UserNamespaceSteps.check(request.namespaces().maps(), request.process().credentials());
        ExecCompiler compiler = new ExecCompiler(request);
        compiler.frame.begin();
        Start.viaIntermediate(
                compiler.b, 0, compiler.frame.unified(), compiler::join, compiler::run, compiler.frame.parent());
        return compiler.frame.plan();
    }

    /// Enters cgroups and namespaces, and gives up every descriptor of the host's before a process exists that the
    /// container's processes can see: with CAP_SYS_PTRACE they take what it has (pidfd_getfd(2)).
    private void join() {
        new SchedulingSteps(e, request.process().scheduling()).initialCpus();
        frame.joinCgroups();
        if (request.namespaces().user()) {
            process.giveStreamsAsHost(request.namespaces().maps());
            process.raiseLimits();
            process.processFilesAsHost();
        }
        e.step("join the container's namespaces", "default");
        long all = Uapi.CLONE_NEWNS
                | Uapi.CLONE_NEWPID
                | Uapi.CLONE_NEWNET
                | Uapi.CLONE_NEWUTS
                | Uapi.CLONE_NEWIPC
                | Uapi.CLONE_NEWCGROUP
                // of one's own it is refused: setns(2)
                | (request.namespaces().user() ? Uapi.CLONE_NEWUSER : 0);
        b.call(Syscall.SETNS, e.descriptor(LaunchPlan.TARGET), value(all));
        if (request.namespaces().user()) {
            new UserNamespaceSteps(e, request.namespaces().maps()).becomeRoot();
        }
        e.step("close what belongs to the host", "default");
        frame.closeHostDescriptors();
    }

    private void run() {
        e.step("lead a session of its own", "default");
        b.call(Syscall.SETSID);
        if (request.namespaces().time()) {
            // not before: a process that shares its memory cannot
            e.step("join the container's time namespace", "default");
            b.call(Syscall.SETNS, e.descriptor(LaunchPlan.namespace(TIME)), value(Uapi.CLONE_NEWTIME));
        }
        process.keyring(request.id());
        Slot root = b.slot("root");
        e.step("open the container's root", "default");
        e.open(root, OnError.FAIL, value(Uapi.AT_FDCWD), ".", Uapi.O_PATH);
        MountSteps mounts = new MountSteps(e, root);
        if (process.needsProc()) {
            e.step("make a procfs of the runtime's own", "default");
            process.processFiles(mounts.create("proc", "proc", List.of(), 0));
        }
        Operand input = request.process().streams() == ProcessPlan.Streams.PIPES_WITHOUT_INPUT
                ? mounts.verifiedNull()
                : Emitter.ZERO;
        process.streams(input);
        frame.command(process, root, () -> {});
    }
}
