package dev.gantry.runtime;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.HostFiles;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenMode;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.Pidfd;
import dev.gantry.kernel.Poller;
import dev.gantry.kernel.Pty;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.kernel.Signal;
import dev.gantry.kernel.Spawn;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Resources;
import dev.gantry.runtime.cgroup.CgroupPlace;
import dev.gantry.runtime.command.HomeVariable;
import dev.gantry.runtime.hook.LifecycleHooks;
import dev.gantry.runtime.idmap.IdMaps;
import dev.gantry.runtime.launch.LaunchCalls;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.launch.ProcessPlan;
import dev.gantry.runtime.shim.Executable;
import dev.gantry.runtime.shim.Handover;
import dev.gantry.runtime.shim.LaunchReports;
import dev.gantry.runtime.shim.ProcessIdentity;
import dev.gantry.runtime.shim.StandardStreams;
import dev.gantry.runtime.shim.UnwatchedLaunch;
import dev.gantry.runtime.state.Belongings;
import dev.gantry.runtime.state.ContainerState;
import dev.gantry.runtime.usage.Usage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// [OciRuntime] over the same programs as [HostRuntime], without their supervisor.
final class HostOciRuntime implements OciRuntime {
    private final Poller poller;
    private final HostRuntime runtime;

    HostOciRuntime(Poller poller, RuntimeOptions options, Function<String, Path> bundles) throws IOException {
        this.poller = poller;
        // one container a process: nobody waits for a namespace made ahead
        this.runtime = new HostRuntime(poller, options, UnaryOperator.identity(), Optional.empty(), bundles);
    }

    @Override
    public SafeDirectory mount(RootFileSystem root) throws IOException {
        return runtime.mount(root);
    }

    @Override
    public int create(ContainerLaunch launch, CallerStreams streams, int preserved) throws IOException {
        CgroupPlace place = runtime.preparation().place(launch);
        try {
            return created(atHome(launch), streams, preserved);
        } catch (IOException | RuntimeException e) {
            runtime.states().removeCgroupParent(place);
            throw e;
        }
    }

    private static ContainerLaunch atHome(ContainerLaunch launch) throws IOException {
        Process process = launch.spec().process();
        if (process == null) {
            return launch;
        }
        Process home = HomeVariable.set(process, launch.root(), launch.spec().mounts());
        return new ContainerLaunch(
                launch.id(),
                launch.spec().withProcess(home),
                launch.root(),
                launch.openStdin(),
                launch.init(),
                launch.origins());
    }

    private int created(ContainerLaunch launch, CallerStreams streams, int preserved) throws IOException {
        return runtime.preparation()
                .launch(launch, new ProcessPlan.Reaper.Caller(preserved), (prepared, handover, outside) -> {
                    ContainerState state = prepared.belongings().state();
                    handover.give(LaunchPlan.GATE, state.createGate());
                    handover.give(LaunchPlan.START_REPORT, state.createStartReport());
                    connect(streams, prepared.process(), () -> prepared.devpts(handover), handover);
                    preserve(preserved, handover);
                    LaunchPlan plan = prepared.plan();
                    int pid = running(
                            UnwatchedLaunch.run(poller, prepared.program(), handover, outside::perform),
                            new LaunchFailures(plan, prepared.process(), launch.root()));
                    try (SafeDirectory inside = root(pid)) {
                        new LaunchFailures(plan, prepared.process(), inside).refuseMissingCommand();
                    }
                    state.write(new ContainerState.Unwatched(
                            ProcessIdentity.of(pid), prepared.kept(), LaunchCalls.behindGate(plan)));
                    return pid;
                });
    }

    private static void preserve(int count, Handover handover) throws KernelException {
        for (int i = 0; i < count; i++) {
            handover.give(LaunchPlan.preserved(i), OwnedFd.inherited(Spawn.FIRST_DESCRIPTOR + i));
        }
    }

    private static int running(LaunchReports.Outcome outcome, LaunchFailures failures) throws LaunchException {
        return switch (outcome) {
            case LaunchReports.Outcome.Running(int pid, Pidfd process) -> {
                if (process != null) {
                    process.close();
                }
                yield pid;
            }
            case LaunchReports.Outcome.Failed failed -> throw failures.of(failed);
            case LaunchReports.Outcome.Killed() ->
                throw new LaunchException(
                        "start", "the process was killed while it was being made", null, LaunchException.SETUP);
        };
    }

    private static void connect(CallerStreams streams, Process process, StandardStreams.Devpts where, Handover handover)
            throws IOException {
        switch (streams) {
            case CallerStreams.Inherited() -> {
                handover.give(LaunchPlan.STDIN, OwnedFd.inherited(0));
                handover.give(LaunchPlan.STDOUT, OwnedFd.inherited(1));
                handover.give(LaunchPlan.STDERR, OwnedFd.inherited(2));
            }
            case CallerStreams.Console(Path socket) -> {
                Pty terminal = terminal(process, where, handover);
                try (OwnedFd _ = terminal.master()) {
                    terminal.sendMaster(socket, "/dev/pts/0");
                }
            }
            case CallerStreams.Terminal(CallerStreams.MasterTaker taker) ->
                taker.take(terminal(process, where, handover).master());
        }
    }

    /// A new terminal, whose peer goes to the process; the master is the caller's.
    private static Pty terminal(Process process, StandardStreams.Devpts where, Handover handover) throws IOException {
        OwnedFd devpts = handover.keep(where.open());
        Pty terminal = Pty.open(devpts);
        handover.give(LaunchPlan.TERMINAL, terminal.peer());
        handover.show(LaunchPlan.DEVPTS, devpts);
        Process.ConsoleSize size = process.consoleSize();
        if (size != null) {
            Pty.resize(terminal.master(), size.height(), size.width());
        }
        return terminal;
    }

    @Override
    public void start(String id) throws IOException {
        Belongings belongings = runtime.states().belongings(id);
        ContainerState.Unwatched container = unwatched(id);
        int pid = container.main().pid();
        try (OwnedFd gate = openGate(belongings.state());
                OwnedFd reports =
                        HostFiles.open(belongings.state().startReport(), OpenMode.READ, OpenMode.NON_BLOCKING);
                SafeDirectory root = root(pid);
                OutputStream out = gate.output()) {
            out.write(1);
            belongings.state().removeGate();
            try {
                var failed = UnwatchedLaunch.awaitCommand(poller, reports, container.start());
                belongings.state().removeStartReport();
                if (failed.isPresent()) {
                    Process process = container.kept().process();
                    throw new LaunchFailures(container.start(), process, root).of(failed.get());
                }
                runtime.preparation().hooks(id, container.kept()).started(pid);
            } catch (IOException e) {
                end(belongings, container, e);
                throw e;
            }
        }
    }

    private static OwnedFd openGate(ContainerState state) throws IOException {
        try {
            return HostFiles.open(state.gate(), OpenMode.WRITE, OpenMode.NON_BLOCKING);
        } catch (KernelException e) {
            if (e.errno().equals(Errno.ENOENT)) {
                throw new IOException("cannot start a container that has been started", e);
            }
            if (e.errno().equals(Errno.ENXIO)) {
                throw new IOException("cannot start a container that has stopped", e);
            }
            throw e;
        }
    }

    /// Ends a container for a failure, which a second one must not hide.
    private void end(Belongings belongings, ContainerState.Unwatched container, IOException failure) {
        try (Pidfd main = container.main().open().orElse(null)) {
            belongings.kill();
            if (main != null) {
                poller.awaitReadable(main.descriptor());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public Optional<State> state(String id) throws IOException {
        ContainerLaunch.checkId(id);
        Belongings belongings = runtime.states().belongings(id);
        Optional<ProcessIdentity> main = belongings.state().unwatched().map(ContainerState.Unwatched::main);
        if (main.isEmpty()) {
            return Optional.empty();
        }
        Phase phase = Phase.STOPPED;
        if (main.get().lives()) {
            boolean waits = Files.exists(belongings.state().gate());
            phase = belongings.cgroup().isFrozen() ? Phase.PAUSED : waits ? Phase.CREATED : Phase.RUNNING;
        }
        return Optional.of(new State(phase, main.get().pid()));
    }

    @Override
    public List<String> list() throws IOException {
        return runtime.leftovers();
    }

    private ContainerState.Unwatched unwatched(String id) throws IOException {
        return runtime.states()
                .belongings(id)
                .state()
                .unwatched()
                .orElseThrow(() -> new IOException("container \"" + id + "\" does not exist"));
    }

    @Override
    public int execute(String id, Process given, CallerStreams streams, int preserved) throws IOException {
        Belongings belongings = runtime.states().belongings(id);
        ContainerState.Unwatched container = unwatched(id);
        int main = container.main().pid();
        try (Handover handover = new Handover();
                Pidfd target = open(container);
                SafeDirectory root = root(main)) {
            Process process = HomeVariable.set(given, root);
            LaunchPlan plan = runtime.preparation().plans().execution(id, process, preserved, container.kept());
            Executable program = Executable.of(plan, id);
            belongings.handCgroupsOfExec(handover, main);
            handover.show(LaunchPlan.TARGET, target.descriptor());
            if (container.kept().namespaces().time()) {
                Path clocks = Path.of("/proc", Integer.toString(main), "ns/time");
                handover.give(LaunchPlan.namespace("time"), HostFiles.open(clocks, OpenMode.READ));
            }
            preserve(preserved, handover);
            connect(streams, process, () -> root.openDirectory("dev/pts").descriptor(), handover);
            try (OutsideWork outside = outside(id, container, belongings.state())) {
                outside.hand(plan, handover);
                return running(
                        UnwatchedLaunch.run(poller, program, handover, outside::perform),
                        new LaunchFailures(plan, process, root));
            }
        }
    }

    /// What something that is executed may wait for: its own part of what the container's process waited for.
    private OutsideWork outside(String id, ContainerState.Unwatched container, ContainerState state) {
        ContainerState.Kept kept = container.kept();
        ProcessPlan.Agent agent = kept.filter() == null ? null : kept.filter().agent();
        int main = container.main().pid();
        OutsideWork.Order order = new OutsideWork.Order(
                runtime.preparation().document(id, kept), Map.of(), IdMaps.NONE, null, null, agent, main);
        return new OutsideWork(order, runtime.preparation().hookRunner(), state, () -> {});
    }

    private static SafeDirectory root(int pid) throws KernelException {
        return SafeDirectory.of(
                HostFiles.open(Path.of("/proc", Integer.toString(pid), "root"), OpenMode.READ, OpenMode.DIRECTORY));
    }

    @Override
    public List<Integer> processes(String id) throws IOException {
        return runtime.states().belongings(id).cgroup().processes();
    }

    @Override
    public Usage usage(String id) throws IOException {
        return runtime.states().belongings(id).cgroup().usage();
    }

    @Override
    public long outOfMemoryKills(String id) throws IOException {
        return runtime.states().belongings(id).cgroup().outOfMemoryKills();
    }

    @Override
    public void pause(String id) throws IOException {
        runtime.states().belongings(id).cgroup().freeze();
    }

    @Override
    public void resume(String id) throws IOException {
        runtime.states().belongings(id).cgroup().thaw();
    }

    @Override
    public void update(String id, Resources resources) throws IOException {
        runtime.states()
                .belongings(id)
                .cgroup()
                .update(resources, runtime.preparation().warnings());
    }

    @Override
    public void kill(String id, Signal signal) throws IOException {
        try (Pidfd process = open(unwatched(id))) {
            process.send(effective(id, signal));
        }
        thawToDie(id, signal);
    }

    /// What does to a container what a signal is to do. Before its command its process handles none, and the kernel
    /// ignores those for the first process of a PID namespace.
    private Signal effective(String id, Signal signal) throws IOException {
        ContainerState state = runtime.states().belongings(id).state();
        boolean ignored = signal.endsByDefault()
                && isBeforeCommand(state)
                && state.unwatched()
                        .filter(each -> each.kept().ownPidNamespace())
                        .isPresent();
        return ignored ? Signal.KILL : signal;
    }

    /// Whether a process is at the gate, or between that and its command, with hooks to run: until then it has this
    /// open.
    private static boolean isBeforeCommand(ContainerState state) throws IOException {
        try (OwnedFd _ = HostFiles.open(state.startReport(), OpenMode.WRITE, OpenMode.NON_BLOCKING)) {
            return true;
        } catch (KernelException e) {
            if (e.errno().equals(Errno.ENOENT) || e.errno().equals(Errno.ENXIO)) {
                return false;
            }
            throw e;
        }
    }

    private void thawToDie(String id, Signal signal) throws IOException {
        if (signal.equals(Signal.KILL)) {
            runtime.states().belongings(id).cgroup().thawToDie();
        }
    }

    private static Pidfd open(ContainerState.Unwatched container) throws IOException {
        return container
                .main()
                .open()
                .orElseThrow(() -> new KernelException(
                        "pidfd_open", "process " + container.main().pid(), Errno.ESRCH));
    }

    @Override
    public void killAll(String id, Signal signal) throws IOException {
        Signal effective = effective(id, signal);
        for (int pid : processes(id)) {
            Pidfd.signal(pid, effective);
        }
        thawToDie(id, signal);
    }

    @Override
    public void delete(String id) throws IOException {
        Optional<ContainerState.Unwatched> container =
                runtime.states().belongings(id).state().unwatched();
        CgroupPlace place = runtime.states().recordedPlace(id);
        Optional<LifecycleHooks> hooks =
                container.map(each -> runtime.preparation().hooks(id, each.kept()));
        runtime.discard(id);
        runtime.states().removeCgroupParent(place);
        hooks.ifPresent(LifecycleHooks::stopped);
    }
}
