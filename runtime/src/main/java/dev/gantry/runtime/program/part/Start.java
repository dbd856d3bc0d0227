package dev.gantry.runtime.program.part;

import dev.gantry.runtime.program.Condition;
import dev.gantry.runtime.program.Label;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Program;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Role;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.StructType;
import dev.gantry.runtime.program.Syscall;
import org.jspecify.annotations.Nullable;

/// How a shim makes the container's process. Appends shim, (intermediate,) child and what the shim goes on with; the
/// flow does not go
/// on afterwards.
public final class Start {
    private static final Operand ZERO = Operand.of(0);
    private static final String DEFAULT = "default";

    private Start() {}

    /// The shim clones the child itself.
    ///
    /// ```text
    ///  shim: block signals ─ clone3(namespaces, CLONE_PIDFD) ┬─ shim: supervise
    ///                                                        └─ child: unblock signals, `child`
    /// ```
    ///
    /// @param namespaces `CLONE_NEW…` flags
    /// @param cgroup descriptor of a cgroup v2 directory to be born in (CLONE_INTO_CGROUP, kernel 5.7), or null
    /// @param child appends what the child does; ends with `execve` or an [InitProcess]
    public static void direct(
            ProgramBuilder b, long namespaces, @Nullable Operand cgroup, Runnable child, ParentBranch parent) {
        Slot pid = b.slot("pid");
        Slot pidfd = b.intSlot("pidfd");
        Label supervise = b.label("supervise");
        b.step(Role.SHIM, "ignore every signal", DEFAULT);
        SignalMask.blockAll(b);
        b.step("start the container's process", DEFAULT);
        long flags = namespaces | Flags.CLONE_PIDFD | (cgroup == null ? 0 : Flags.CLONE_INTO_CGROUP);
        clone3(b, pid, flags, b.addressOf(pidfd), Flags.SIGCHLD, cgroup == null ? ZERO : cgroup);
        b.jumpIf(pid, Condition.NOT_EQUAL, ZERO, supervise);
        appendChild(b, child);
        b.place(supervise);
        parent.append(b, pid, pidfd);
    }

    /// An intermediate process joins namespaces and cgroups, so that the shim stays out of them, and then makes the
    /// child as its sibling.
    ///
    /// ```text
    ///  shim: block signals ─ clone3(CLONE_VM|CLONE_VFORK) ┬─ shim, when the intermediate is gone: reap it,
    ///                                                     │        pidfd_open(child), supervise
    ///        intermediate: `intermediate` ────────────────┘
    ///                      clone3(CLONE_PARENT|namespaces) ┬─ intermediate: exit
    ///                                                      └─ child: unblock signals, `child`
    /// ```
    ///
    /// The intermediate shares the shim's memory, but not its descriptors: what it closes stays open in the shim.
    /// Whatever a process in the joined PID namespace must not take (pidfd_getfd(2) reaches a non-dumpable
    /// process, given CAP_SYS_PTRACE) has to be closed by `intermediate`, before the child is born.
    /// If the intermediate's set-up fails it reports the step itself, and the shim ends.
    /// If the shim's own fails, it ends the child.
    ///
    /// @param namespaces `CLONE_NEW…` flags of the child, or 0
    /// @param cgroup descriptor of a cgroup v2 directory that the intermediate, and so the child, is
    ///     born in, or null
    public static void viaIntermediate(
            ProgramBuilder b,
            long namespaces,
            @Nullable Operand cgroup,
            Runnable intermediate,
            Runnable child,
            ParentBranch parent) {
        Slot pid = b.slot("pid");
        Slot intermediatePid = b.slot("intermediate_pid");
        Slot pidfd = b.slot("pidfd");
        Label shim = b.label("shim");
        Label born = b.label("born");
        Label supervise = b.label("supervise");
        b.step(Role.SHIM, "ignore every signal", DEFAULT);
        SignalMask.blockAll(b);
        b.step("start the process that joins the namespaces", DEFAULT);
        long flags = Flags.CLONE_VM | Flags.CLONE_VFORK | (cgroup == null ? 0 : Flags.CLONE_INTO_CGROUP);
        clone3(b, intermediatePid, flags, ZERO, Flags.SIGCHLD, cgroup == null ? ZERO : cgroup);
        b.jumpIf(intermediatePid, Condition.NOT_EQUAL, ZERO, shim);
        b.step(Role.INTERMEDIATE, "join", DEFAULT);
        intermediate.run();
        b.step(Role.INTERMEDIATE, "start the container's process", DEFAULT);
        // With CLONE_PARENT the child takes over this process's exit signal, and its own must be 0: clone(2).
        clone3(b, pid, Flags.CLONE_PARENT | namespaces, ZERO, 0, ZERO);
        b.jumpIf(pid, Condition.EQUAL, ZERO, born);
        b.exit(ZERO);
        b.place(born);
        appendChild(b, child);
        b.place(shim);
        b.step(Role.SHIM, "collect the process that joined the namespaces", DEFAULT);
        GuardedCalls calls = new GuardedCalls(b, pid);
        calls.call(OnError.RESTART, Syscall.WAIT4, intermediatePid, ZERO, Operand.of(Flags.ALL_CHILDREN), ZERO);
        // a call that failed has left its negative error number
        b.jumpIf(pid, Condition.GREATER_OR_EQUAL, Operand.of(1), supervise);
        b.exit(Operand.of(Program.FAILURE_EXIT_CODE));
        calls.appendUndo();
        b.place(supervise);
        b.step(Role.SHIM, "watch the container's process", DEFAULT);
        calls.call(OnError.FAIL, Syscall.PIDFD_OPEN, pid, ZERO);
        b.move(pidfd, calls.result());
        parent.append(b, calls::call, pid, pidfd);
    }

    private static void appendChild(ProgramBuilder b, Runnable child) {
        b.step(Role.CONTAINER, "unblock signals", DEFAULT);
        SignalMask.unblockAll(b);
        child.run();
    }

    static void clone3(ProgramBuilder b, Slot pid, long flags, Operand pidfd, int exitSignal, Operand cgroup) {
        Operand arguments = b.struct(
                StructType.CLONE_ARGS,
                Operand.of(flags),
                pidfd,
                ZERO,
                ZERO,
                Operand.of(exitSignal),
                ZERO,
                ZERO,
                ZERO,
                ZERO,
                ZERO,
                cgroup);
        b.call(pid, Syscall.CLONE3, arguments, Operand.of(StructType.CLONE_ARGS.size()));
    }
}
