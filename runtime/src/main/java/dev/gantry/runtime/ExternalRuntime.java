package dev.gantry.runtime;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.runtime.Linux;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Seccomp;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.cgroup.Cgroup;
import dev.gantry.runtime.cgroup.CgroupPlace;
import dev.gantry.runtime.check.StrayGroups;
import dev.gantry.runtime.explain.Explanation;
import dev.gantry.runtime.explain.PlannedLaunch;
import dev.gantry.runtime.external.Bundle;
import dev.gantry.runtime.external.RuntimeCalls;
import dev.gantry.runtime.external.RuntimeProgram;
import dev.gantry.runtime.launch.ExecNamespaces;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.shim.Handover;
import dev.gantry.runtime.state.Belongings;
import dev.gantry.runtime.state.ContainerState;
import dev.gantry.runtime.state.ExecRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Has other runtimes make the containers that ask for one, and this project's make all others.
///
/// Another runtime runs in the foreground (`runc run`), as the process that the container's shim watches: it passes on
/// the streams and ends as the container does. So everything that outlives the daemon does so here, too. The root is
/// mounted where that process alone sees it.
final class ExternalRuntime implements ContainerRuntime {
    /// How long a daemon that takes a container back waits for a start that its predecessor has begun.
    private static final Duration BEGUN = Duration.ofSeconds(10);
    /// A start takes as long as its hooks do.
    static final Duration UNLIMITED = Duration.ofDays(365);

    private final HostRuntime own;
    private final RuntimeOptions options;
    /// Whether a program can leave containers there that have ended.
    private final Map<Path, Boolean> keeping = new ConcurrentHashMap<>();

    ExternalRuntime(RuntimeOptions options, HostRuntime own) {
        this.own = own;
        this.options = options;
    }

    @Override
    public SafeDirectory mount(RootFileSystem root) throws IOException {
        return own.mount(root);
    }

    @Override
    public Explanation explain(PlannedLaunch launch, RootFileSystem root) throws IOException {
        return own.explain(launch, root);
    }

    @Override
    public List<String> leftovers() throws IOException {
        return own.leftovers();
    }

    @Override
    public List<Path> remainsOf(String id) throws IOException {
        return own.remainsOf(id);
    }

    @Override
    public List<StrayGroups> strayGroups() throws IOException {
        return own.strayGroups();
    }

    @Override
    public void prepare(Supplier<Seccomp> filter) {
        own.prepare(filter);
    }

    @Override
    public void removeCgroupParent() {
        own.removeCgroupParent();
    }

    @Override
    public RunningContainer start(ContainerLaunch launch) throws IOException {
        RuntimeProgram program = launch.runtime();
        if (program == null) {
            return own.start(launch);
        }
        RuntimeCalls calls = calls(program);
        boolean keep = judge(calls);
        Linux linux = Preparation.linux(launch.spec());
        CgroupPlace place = own.preparation().place(launch);
        Belongings belongings = own.states().belongings(place, launch.id());
        Cgroup cgroup = belongings.cgroup();
        Spec spec = granted(launch.spec()).withLinux(linux.withCgroupsPath(cgroup.path()));
        var container = new ExternalContainer(launch.id(), own.launcher(), belongings, calls);
        container.belongings().state().create(place.recorded(launch.id()));
        try {
            container.bundle().create(program, spec, launch.init());
            // the limits are for the other runtime to set
            cgroup.create(null, options.warnings());
            return started(container, launch, keep);
        } catch (IOException | RuntimeException e) {
            container.remove(e);
            throw e;
        }
    }

    private RuntimeCalls calls(RuntimeProgram program) {
        Path states = options.stateRoot().resolveSibling("runtimes").resolve(program.name());
        return new RuntimeCalls(program, states, own.preparation().hookRunner());
    }

    /// Refuses what cannot be; says whether the runtime can leave a container there that has ended.
    private boolean judge(RuntimeCalls calls) throws IOException {
        RuntimeProgram program = calls.program();
        Path file = program.file();
        if (!Files.isExecutable(file)) {
            Errno errno = Files.exists(file) ? Errno.EACCES : Errno.ENOENT;
            throw refused("runtime", "fork/exec " + file + ": " + errno.description(), errno);
        }
        Boolean known = keeping.get(file);
        if (known == null) {
            known = calls.keepsContainers();
            keeping.put(file, known);
        }
        return known;
    }

    private static LaunchException refused(String item, String message, @Nullable Errno errno) {
        return new LaunchException(item, message, errno, LaunchException.SETUP);
    }

    /// Other runtimes refuse a capability that the host does not have, where this one gives what there is.
    private Spec granted(Spec spec) throws LaunchException {
        Process process = process(spec);
        return process.capabilities() == null || Preparation.has(Preparation.linux(spec), Namespace.Type.USER)
                ? spec
                : spec.withProcess(process.withCapabilities(own.capabilities().granted(process.capabilities())));
    }

    private static Process process(Spec spec) throws LaunchException {
        Process process = spec.process();
        if (process == null) {
            throw refused("process", "the spec has no process", null);
        }
        return process;
    }

    private RunningContainer started(ExternalContainer container, ContainerLaunch launch, boolean keep)
            throws IOException {
        Bundle bundle = container.bundle();
        Process process = process(launch.spec());
        ContainerState state = container.belongings().state();
        ContainerState.Kept kept = new ContainerState.Kept(
                Preparation.makes(Preparation.linux(launch.spec()), Namespace.Type.PID),
                process,
                null,
                ExecNamespaces.USUAL,
                null,
                Map.of());
        ExternalContainer.Order order = new ExternalContainer.Order(
                container.calls().run(bundle, launch.id(), keep),
                process,
                launch.openStdin(),
                bundle.root(),
                bundle.main());
        try (Handover handover = new Handover()) {
            handover.show(LaunchPlan.ROOT, launch.root().descriptor());
            StartedProcess runtime =
                    container.run(order, handover, state.status(), shim -> state.prepare(kept.with(shim)));
            boolean started = false;
            try {
                RunningContainer running = started(
                        new Taken(container, runtime, kept.ownPidNamespace(), process), launch.root(), UNLIMITED);
                started = true;
                return running;
            } finally {
                if (!started) {
                    runtime.close();
                }
            }
        }
    }

    /// A container whose runtime runs.
    private record Taken(
            ExternalContainer container, StartedProcess runtime, boolean ownPidNamespace, Process process) {}

    private RunningContainer started(Taken taken, SafeDirectory root, Duration patience) throws IOException {
        ExternalContainer container = taken.container();
        StartedProcess main =
                container.awaitStart(taken.runtime(), container.bundle().main(), taken.process(), patience);
        return new StartedContainer(
                new ContainerExecs.Container(
                        container.id(), main, container.belongings(), root, null, ExecNamespaces.USUAL),
                new ExternalContainer.Control(container, main, root, own.capabilities()),
                taken.ownPidNamespace());
    }

    @Override
    public Optional<Adopted> adopt(String id) throws IOException {
        Optional<ExternalContainer> found = find(id);
        if (found.isEmpty()) {
            return own.adopt(id);
        }
        try {
            return own.adoption().adopt(found.get().belongings(), new Parts(found.get()));
        } catch (LaunchException _) {
            return Optional.empty(); // its start was under way, and has failed
        }
    }

    /// Puts containers of other runtimes together.
    private final class Parts implements Adoption.Assembly {
        private final ExternalContainer container;

        Parts(ExternalContainer container) {
            this.container = container;
        }

        @Override
        public List<Path> files(ExecRecords.Place exec) {
            return container.bundle().files(exec.name());
        }

        @Override
        public RunningContainer container(ContainerState.Started started, StartedProcess process, SafeDirectory root)
                throws IOException {
            container.bundle().keep(container.belongings().state().execs().names());
            return started(new Taken(container, process, started.ownPidNamespace(), started.process()), root, BEGUN);
        }

        @Override
        public ContainerProcess exec(ExecRecords.Found exec, StartedProcess process) throws IOException {
            OptionalInt pid = container.bundle().of(exec.place().name()).process();
            return pid.isPresent() ? process.standingFor(pid.getAsInt()) : process;
        }
    }

    @Override
    public void discard(String id) throws IOException {
        Optional<ExternalContainer> found = find(id);
        if (found.isPresent()) {
            found.get().remove();
        } else {
            new Bundle(own.states().state(id).directory()).remove(); // of which the daemon has written half
            own.discard(id);
        }
    }

    /// A container that an earlier daemon has had another runtime make, or was about to.
    private Optional<ExternalContainer> find(String id) throws IOException {
        ContainerLaunch.checkId(id);
        Belongings belongings = own.states().belongings(id);
        return new Bundle(belongings.state().directory())
                .program()
                .map(program -> new ExternalContainer(id, own.launcher(), belongings, calls(program)));
    }
}
