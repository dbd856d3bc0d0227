package dev.gantry.runtime;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.HostFiles;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenMode;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.Pidfd;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.runtime.explain.ExecExplainer;
import dev.gantry.runtime.explain.Explanation;
import dev.gantry.runtime.explain.Origins;
import dev.gantry.runtime.explain.PlannedExec;
import dev.gantry.runtime.launch.ExecNamespaces;
import dev.gantry.runtime.launch.Host;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.launch.ProcessPlan;
import dev.gantry.runtime.launch.RefusedException;
import dev.gantry.runtime.launch.compile.ExecCompiler;
import dev.gantry.runtime.program.Syscall;
import dev.gantry.runtime.refusal.UnsupportedItem;
import dev.gantry.runtime.shim.Executable;
import dev.gantry.runtime.shim.Handover;
import dev.gantry.runtime.shim.LaunchReports;
import dev.gantry.runtime.state.Belongings;
import dev.gantry.runtime.state.ContainerState;
import dev.gantry.runtime.state.ExecRecords;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Executes processes in one container.
final class ContainerExecs {
    private final Launcher launcher;
    private final Plans plans;
    private final Container container;
    private final AtomicInteger executing = new AtomicInteger();

    /// @param filter the container's seccomp filter, which its execs have too
    /// @param namespaces what it has that not all containers have
    record Container(
            String id,
            StartedProcess main,
            Belongings belongings,
            SafeDirectory root,
            ProcessPlan.@Nullable Filter filter,
            ExecNamespaces namespaces) {}

    /// The programs of execs, compiled for this host.
    ///
    /// @param variant changes each before it is run: fault injection
    record Plans(Host host, ProcessPlans processes, UnaryOperator<LaunchPlan> variant) {
        LaunchPlan plan(Container container, ExecLaunch launch, Origins origins) throws LaunchException {
            try {
                ExecNamespaces namespaces = container.namespaces();
                if (container.filter() != null && container.filter().agent() != null) {
                    throw new RefusedException(
                            UnsupportedItem.EXEC_WITH_LISTENER.item(), UnsupportedItem.EXEC_WITH_LISTENER);
                }
                ProcessPlan process = processes.plan(launch, container.filter(), namespaces.user());
                return variant.apply(ExecCompiler.compile(
                        new ExecCompiler.Request(container.id(), process, host, namespaces, origins::of)));
            } catch (RefusedException e) {
                throw new LaunchException(e.item(), String.valueOf(e.getMessage()), null, LaunchException.SETUP);
            } catch (IllegalArgumentException e) {
                throw refused(String.valueOf(e.getMessage()));
            }
        }
    }

    ContainerExecs(Launcher launcher, Plans plans, Container container) {
        this.launcher = launcher;
        this.plans = plans;
        this.container = container;
    }

    ContainerProcess execute(ExecLaunch launch) throws IOException {
        Pidfd target = target();
        executing.incrementAndGet();
        try {
            return executed(launch, plans.plan(container, launch, Origins.NONE), target);
        } catch (LaunchException e) {
            throw e;
        } catch (IOException e) {
            throw container.main().hasEnded() ? notRunning(e) : e;
        } finally {
            executing.decrementAndGet();
        }
    }

    /// Whether a process is being executed at the moment: then a supervisor may have no record yet.
    boolean isExecuting() {
        return executing.get() > 0;
    }

    Explanation explain(ExecLaunch launch, Origins origins) throws IOException {
        Pidfd _ = target();
        LaunchPlan plan = plans.plan(container, launch, origins);
        Path status = container.belongings().state().execs().following().status();
        PlannedExec planned = new PlannedExec(
                container.id(), container.main().pid(), launch.process(), launch.openStdin(), status, origins::of);
        return ExecExplainer.explain(planned, plan, container.belongings().cgroup());
    }

    /// The process whose namespaces are joined.
    private Pidfd target() throws IOException {
        Pidfd target = container.main().descriptor();
        if (target == null || container.main().hasEnded()) {
            throw notRunning(null);
        }
        if (container.belongings().cgroup().isFrozen()) {
            // a process that joins a frozen cgroup stops before it is made
            throw refused("container " + container.id() + " is paused");
        }
        return target;
    }

    private ContainerProcess executed(ExecLaunch launch, LaunchPlan plan, Pidfd target) throws IOException {
        ContainerState state = container.belongings().state();
        ExecRecords.Place place = state.execs().next();
        Executable program = Executable.of(plan, container.id());
        try (Handover handover = new Handover()) {
            container.belongings().handCgroupsOfExec(handover, container.main().pid());
            handover.show(LaunchPlan.TARGET, target.descriptor());
            if (container.namespaces().time()) {
                handover.give(
                        LaunchPlan.namespace("time"),
                        HostFiles.open(
                                Path.of(
                                        "/proc",
                                        Integer.toString(container.main().pid()),
                                        "ns/time"),
                                OpenMode.READ));
            }
            return launcher.run(
                    new Launcher.Request(
                            program,
                            launch.process(),
                            launch.openStdin(),
                            () -> devpts(handover),
                            place.statusFile(),
                            () -> container.belongings().outOfMemory(),
                            shim -> state.execs().prepare(place, new ExecRecords.Executed(launch.id(), shim)),
                            (_, _, _) -> {}),
                    handover,
                    failed -> failure(plan, launch, failed));
        }
    }

    private OwnedFd devpts(Handover handover) throws LaunchException {
        try {
            return handover.keep(container.root().openDirectory("dev/pts").descriptor());
        } catch (KernelException e) {
            throw new LaunchException(
                    "open terminal",
                    "open /dev/pts of the container: " + e.errno().description(),
                    e.errno(),
                    LaunchException.SETUP);
        }
    }

    private LaunchException failure(LaunchPlan plan, ExecLaunch launch, LaunchReports.Outcome.Failed failed) {
        Syscall call = plan.program().calls().get(failed.report().step()).syscall();
        Errno errno = new Errno(failed.report().errno());
        // the main process has ended: before the namespaces were joined, or since then
        boolean joining = call == Syscall.SETNS && errno.equals(Errno.ESRCH);
        boolean starting = call == Syscall.CLONE3 && errno.equals(Errno.ENOMEM) && ended();
        return joining || starting
                ? notRunning(null)
                : new LaunchFailures(plan, launch.process(), container.root()).of(failed);
    }

    private boolean ended() {
        try {
            return container.main().hasEnded();
        } catch (IOException _) {
            return false; // then it is the call's failure that is reported
        }
    }

    private LaunchException notRunning(@Nullable Exception cause) {
        LaunchException exception = refused("container " + container.id() + " is not running");
        if (cause != null) {
            exception.initCause(cause);
        }
        return exception;
    }

    private static LaunchException refused(String message) {
        return new LaunchException("exec", message, null, LaunchException.SETUP);
    }
}
