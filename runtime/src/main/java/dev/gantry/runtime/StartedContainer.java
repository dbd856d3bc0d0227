package dev.gantry.runtime;

import dev.gantry.kernel.Mounts;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.PolledInput;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.kernel.Signal;
import dev.gantry.oci.runtime.Resources;
import dev.gantry.runtime.cgroup.Cgroup;
import dev.gantry.runtime.check.ContainerCheck;
import dev.gantry.runtime.check.RuntimeProblem;
import dev.gantry.runtime.explain.Explanation;
import dev.gantry.runtime.explain.Origins;
import dev.gantry.runtime.shim.Strays;
import dev.gantry.runtime.state.Belongings;
import dev.gantry.runtime.usage.InterfaceCounters;
import dev.gantry.runtime.usage.Pressure;
import dev.gantry.runtime.usage.Usage;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A container that has been started on this host, by this runtime or another one.
final class StartedContainer implements RunningContainer {
    private static final System.Logger LOGGER = System.getLogger(StartedContainer.class.getName());
    private static final Path OWN_NETWORK = Path.of("/proc/self/ns/net");

    private final StartedProcess process;
    private final String id;
    private final Belongings belongings;
    private final SafeDirectory root;
    private final Control control;
    private final boolean ownPidNamespace;

    /// What is done to a container; it depends on the runtime that has made it.
    interface Control {
        void kill(Signal signal) throws IOException;

        ContainerProcess exec(ExecLaunch launch) throws IOException;

        Explanation explain(ExecLaunch launch, Origins origins) throws IOException;

        /// Whether there may be supervisors without a record at the moment.
        boolean isExecuting();

        void pause() throws IOException;

        void resume() throws IOException;

        void update(Resources resources, Consumer<String> warnings) throws IOException;

        /// Waits until the main process has exited.
        void awaitMain() throws IOException, InterruptedException;

        /// The root file system without what is mounted in it.
        SafeDirectory bareRoot() throws IOException;

        /// Whether the descriptor of the root shows what is mounted in it.
        boolean showsMounts();

        /// Kills what is left and removes everything.
        void remove() throws IOException;
    }

    /// A container of this runtime.
    ///
    /// @param ownPidNamespace whether the kernel kills all processes with the main one
    StartedContainer(ContainerExecs.Container container, ContainerExecs execs, boolean ownPidNamespace) {
        this(container, new Own(container, execs), ownPidNamespace);
    }

    StartedContainer(ContainerExecs.Container container, Control control, boolean ownPidNamespace) {
        this.process = container.main();
        this.id = container.id();
        this.belongings = container.belongings();
        this.root = container.root();
        this.control = control;
        this.ownPidNamespace = ownPidNamespace;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public int pid() {
        return process.pid();
    }

    @Override
    public Instant startedAt() {
        return process.startedAt();
    }

    @Override
    public @Nullable OutputStream stdin() {
        return process.stdin();
    }

    @Override
    public PolledInput stdout() {
        return process.stdout();
    }

    @Override
    public @Nullable PolledInput stderr() {
        return process.stderr();
    }

    @Override
    public void resize(int rows, int columns) throws IOException {
        process.resize(rows, columns);
    }

    @Override
    public void kill(Signal signal) throws IOException {
        control.kill(signal);
        if (signal.equals(Signal.KILL)) {
            belongings.cgroup().thawToDie();
        }
    }

    @Override
    public ExitStatus awaitExit() throws IOException, InterruptedException {
        if (!ownPidNamespace) {
            control.awaitMain();
            killRest(); // it holds the pipes
        }
        return process.awaitExit();
    }

    /// Kills what the main process has left behind; however that goes, it has ended as it has.
    private void killRest() {
        try {
            belongings.kill();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "what is left of container " + id + " after its main process", e);
        }
    }

    @Override
    public void drained() throws IOException {
        process.drained();
    }

    @Override
    public ContainerProcess exec(ExecLaunch launch) throws IOException {
        return control.exec(launch);
    }

    @Override
    public Explanation explain(ExecLaunch launch, Origins origins) throws IOException {
        return control.explain(launch, origins);
    }

    @Override
    public void pause() throws IOException {
        control.pause();
    }

    @Override
    public void resume() throws IOException {
        control.resume();
    }

    @Override
    public boolean isPaused() throws IOException {
        return belongings.cgroup().isFrozen();
    }

    @Override
    public List<String> update(Resources resources) throws IOException {
        List<String> warnings = new ArrayList<>();
        control.update(resources, warnings::add);
        return warnings;
    }

    @Override
    public Map<String, Pressure> pressure() throws IOException {
        return belongings.cgroup().pressure();
    }

    @Override
    public Usage usage() throws IOException {
        return belongings.cgroup().usage();
    }

    @Override
    public Map<String, InterfaceCounters> interfaces() throws IOException {
        Path own = Path.of("/proc", Integer.toString(pid()));
        if (Files.readSymbolicLink(own.resolve("ns/net")).equals(Files.readSymbolicLink(OWN_NETWORK))) {
            return Map.of();
        }
        List<String> lines = Files.readAllLines(own.resolve("net/dev"));
        if (process.hasEnded()) {
            // its number may be another process's by now
            throw new IOException("the main process of container " + id + " has ended");
        }
        return InterfaceCounters.parse(lines);
    }

    @Override
    public List<Integer> processes() throws IOException {
        return belongings.cgroup().processes();
    }

    @Override
    public boolean outOfMemory() {
        return belongings.outOfMemory();
    }

    @Override
    public void delete() throws IOException {
        control.remove();
        process.awaitSupervisor();
    }

    @Override
    public List<RuntimeProblem> check() throws IOException {
        var main = new ContainerCheck.MainProcess() {
            @Override
            public int pid() {
                return process.pid();
            }

            @Override
            public int watched() {
                return process.watched();
            }

            @Override
            public boolean hasEnded() throws IOException {
                return process.hasEnded();
            }

            @Override
            public boolean isRecorded() throws IOException {
                return belongings.state().status().read().isPresent();
            }
        };
        return new ContainerCheck(belongings.cgroup(), belongings.state()::recorded, main, control::isExecuting).run();
    }

    @Override
    public void mend(RuntimeProblem problem) throws IOException {
        switch (problem) {
            case RuntimeProblem.StraySupervisor(int pid) -> new Strays(belongings.cgroup()).end(pid);
            case RuntimeProblem.DeadExec(String _, Path file) ->
                belongings.state().execs().remove(file);
            case RuntimeProblem.BrokenFile(Path file) ->
                belongings.state().execs().remove(file);
            case RuntimeProblem.NoState _,
                    RuntimeProblem.NoRecord _,
                    RuntimeProblem.NoSupervisor _,
                    RuntimeProblem.SupervisorElsewhere _,
                    RuntimeProblem.NoProcess _,
                    RuntimeProblem.NoGroup _,
                    RuntimeProblem.ProcessElsewhere _ ->
                throw new IllegalArgumentException("got what cannot be mended: " + problem);
        }
    }

    @Override
    public SafeDirectory root() {
        return root;
    }

    @Override
    public SafeDirectory bareRoot() throws IOException {
        return control.bareRoot();
    }

    @Override
    public Optional<OwnedFd> mountedAt(String path) throws IOException {
        return control.showsMounts() ? Optional.of(root.openPath(path, true)) : Optional.empty();
    }

    @Override
    public void close() {
        root.close();
        process.close();
    }

    private record Own(ContainerExecs.Container container, ContainerExecs execs) implements Control {
        private Cgroup cgroup() {
            return container.belongings().cgroup();
        }

        @Override
        public void kill(Signal signal) throws IOException {
            container.main().kill(signal);
        }

        @Override
        public ContainerProcess exec(ExecLaunch launch) throws IOException {
            return execs.execute(launch);
        }

        @Override
        public Explanation explain(ExecLaunch launch, Origins origins) throws IOException {
            return execs.explain(launch, origins);
        }

        @Override
        public boolean isExecuting() {
            return execs.isExecuting();
        }

        @Override
        public void pause() throws IOException {
            cgroup().freeze();
        }

        @Override
        public void resume() throws IOException {
            cgroup().thaw();
        }

        @Override
        public void update(Resources resources, Consumer<String> warnings) throws IOException {
            cgroup().update(resources, warnings);
        }

        @Override
        public void awaitMain() throws IOException, InterruptedException {
            var _ = container.main().awaitExit();
        }

        @Override
        public SafeDirectory bareRoot() throws IOException {
            Path process = Path.of("/proc", Integer.toString(container.main().pid()));
            // whosever number it is by now: only in the namespace that the root lies in can it be copied
            return SafeDirectory.of(Mounts.cloneOf(process, container.root().descriptor()));
        }

        @Override
        public boolean showsMounts() {
            return true;
        }

        @Override
        public void remove() throws IOException {
            container.belongings().remove();
        }
    }
}
