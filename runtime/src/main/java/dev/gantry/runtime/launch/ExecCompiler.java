package dev.gantry.runtime.launch;

import static dev.gantry.runtime.launch.Emitter.value;

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
    private final Request request;
    private final Frame frame;
    private final Emitter e;
    private final ProgramBuilder b;
    private final ProcessSteps process;

    private ExecCompiler(Request request) {
        this.request = request;
        this.frame = new Frame(request.host(), request.process(), UnaryOperator.identity());
        this.e = frame.emitter();
        this.b = e.b;
        this.process = new ProcessSteps(e, request.process());
        e.descriptors.number(LaunchPlan.TARGET);
    }

    /// What an exec is compiled from.
    ///
    /// @param id the container's
    public record Request(String id, ProcessPlan process, Host host) {}

    public static LaunchPlan compile(Request request) {
        ExecCompiler compiler = new ExecCompiler(request);
        compiler.frame.begin();
        Start.viaIntermediate(
                compiler.b, 0, compiler.frame.unified(), compiler::join, compiler::run, compiler.frame.supervisor());
        return compiler.frame.plan();
    }

    /// Enters cgroups and namespaces, and gives up every descriptor of the host's before a process exists that the
    /// container's processes can see: with CAP_SYS_PTRACE they take what it has (pidfd_getfd(2)).
    private void join() {
        frame.joinCgroups();
        e.step("join the container's namespaces", "default");
        long all = Uapi.CLONE_NEWNS
                | Uapi.CLONE_NEWPID
                | Uapi.CLONE_NEWNET
                | Uapi.CLONE_NEWUTS
                | Uapi.CLONE_NEWIPC
                | Uapi.CLONE_NEWCGROUP;
        b.call(Syscall.SETNS, e.descriptor(LaunchPlan.TARGET), value(all));
        e.step("close what belongs to the host", "default");
        frame.closeHostDescriptors();
    }

    private void run() {
        e.step("lead a session of its own", "default");
        b.call(Syscall.SETSID);
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
        frame.command(process, root);
    }
}
