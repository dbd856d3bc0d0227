package dev.gantry.runtime.launch.compile;

import static dev.gantry.runtime.launch.compile.Emitter.ZERO;
import static dev.gantry.runtime.launch.compile.Emitter.value;

import dev.gantry.runtime.launch.Credentials;
import dev.gantry.runtime.launch.Host;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.launch.Links;
import dev.gantry.runtime.launch.ProcessPlan;
import dev.gantry.runtime.launch.SchedulingPlan;
import dev.gantry.runtime.mount.MountOptions;
import dev.gantry.runtime.program.Architecture;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.StructType;
import dev.gantry.runtime.program.Syscall;
import dev.gantry.runtime.program.part.Start;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Compiles the program that runs a command of the host's under a shim: another OCI runtime, which makes a container,
/// or
/// executes something in one, and stays until that has ended.
public final class HostCommandCompiler {
    private static final Credentials UNCHANGED =
            new Credentials(0, 0, List.of(), null, new Credentials.CapabilityMasks(0, 0, 0, 0, 0));

    private final Request request;
    private final Frame frame;
    private final Emitter e;
    private final ProgramBuilder b;
    private final ProcessPlan process;

    private HostCommandCompiler(Request request) {
        this.request = request;
        this.process = new ProcessPlan(
                request.words(),
                request.environment(),
                "/",
                request.streams(),
                UNCHANGED,
                List.of(),
                false,
                null,
                null,
                null,
                SchedulingPlan.NONE,
                new ProcessPlan.Reaper.Shim());
        // it joins no cgroup of the container's: the other runtime does that for the container
        Host host = new Host(Architecture.host(), 0, List.of(), false);
        this.frame = new Frame(host, process, Links.NONE, UnaryOperator.identity());
        this.e = frame.emitter();
        this.b = e.b;
        if (request.root() != null) {
            e.descriptors.number(LaunchPlan.ROOT);
        }
    }

    /// A command of the host's.
    ///
    /// @param words the command, an absolute path, and its arguments
    /// @param environment everything that it gets of one
    /// @param root where the command, and nobody else, sees the mount [LaunchPlan#ROOT]; null for none
    public record Request(
            List<String> words,
            List<String> environment,
            ProcessPlan.Streams streams,
            @Nullable Path root) {}

    /// Compiles the program.
    public static LaunchPlan compile(Request request) {
        HostCommandCompiler compiler = new HostCommandCompiler(request);
        compiler.frame.begin();
        long namespaces = request.root() == null ? 0 : Uapi.CLONE_NEWNS;
        Start.direct(compiler.b, namespaces, null, compiler::run, compiler.frame.parent());
        return compiler.frame.plan();
    }

    private void run() {
        e.step("lead a session of its own", "default");
        b.call(Syscall.SETSID);
        Path root = request.root();
        if (root != null) {
            mount(root);
        }
        new ProcessSteps(e, process, false).streams(nullDevice());
        e.step("enter /", "default");
        b.call(Syscall.CHDIR, e.text("/"));
        ExecuteSteps execute = new ExecuteSteps(e, process);
        execute.closeOnExec();
        execute.announce();
        execute.awaitRecord();
        execute.execute();
    }

    private Operand nullDevice() {
        if (process.streams() != ProcessPlan.Streams.PIPES_WITHOUT_INPUT) {
            return ZERO;
        }
        Slot opened = b.slot("null");
        e.step("open /dev/null", "default");
        e.openOfHost(opened, "/dev/null", Uapi.O_RDONLY);
        return opened;
    }

    /// Mounts the root where this process and the container, whose mounts are a copy of its mounts, see it. It goes
    /// with
    /// them, however they end.
    private void mount(Path root) {
        e.step("cut the mounts off from the host's", "default");
        b.call(
                Syscall.MOUNT_SETATTR,
                value(Uapi.AT_FDCWD),
                e.text("/"),
                value(Uapi.AT_RECURSIVE),
                b.struct(StructType.MOUNT_ATTR, ZERO, ZERO, value(MountOptions.MS_SLAVE), ZERO),
                value(Uapi.MOUNT_ATTR_SIZE));
        e.step("mount the root file system on " + root, "root");
        b.call(
                Syscall.MOVE_MOUNT,
                e.descriptor(LaunchPlan.ROOT),
                e.text(""),
                value(Uapi.AT_FDCWD),
                e.text(root.toString()),
                value(Uapi.MOVE_MOUNT_F_EMPTY_PATH));
    }
}
