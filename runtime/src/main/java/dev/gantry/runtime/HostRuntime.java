package dev.gantry.runtime;

import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Mounts;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.Poller;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.runtime.Seccomp;
import dev.gantry.runtime.cgroup.Cgroup;
import dev.gantry.runtime.cgroup.CgroupHost;
import dev.gantry.runtime.cgroup.CgroupPlace;
import dev.gantry.runtime.check.StrayGroups;
import dev.gantry.runtime.explain.Explainer;
import dev.gantry.runtime.explain.Explanation;
import dev.gantry.runtime.explain.PlannedLaunch;
import dev.gantry.runtime.hook.HookRunner;
import dev.gantry.runtime.hook.LifecycleHooks;
import dev.gantry.runtime.idmap.IdMaps;
import dev.gantry.runtime.idmap.MappedOverlays;
import dev.gantry.runtime.idmap.UserNamespaces;
import dev.gantry.runtime.launch.Host;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.launch.ProcessPlan;
import dev.gantry.runtime.limit.HostLimits;
import dev.gantry.runtime.network.SpareNetwork;
import dev.gantry.runtime.program.Architecture;
import dev.gantry.runtime.seccomp.SeccompFilters;
import dev.gantry.runtime.shim.Handover;
import dev.gantry.runtime.state.Belongings;
import dev.gantry.runtime.state.ContainerState;
import dev.gantry.runtime.state.StateRoot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// Starts containers with this host's kernel: cgroups, root file system and descriptors here, the rest in the
/// program.
final class HostRuntime implements ContainerRuntime {
    private final Launcher launcher;
    private final StateRoot states;
    private final HostCapabilities capabilities;
    private final SeccompFilters filters = new SeccompFilters();
    private final ContainerExecs.Plans execs;
    private final Preparation preparation;

    HostRuntime(Poller poller, RuntimeOptions options) throws IOException {
        this(poller, options, UnaryOperator.identity(), Optional.of(new SpareNetwork()), options.stateRoot()::resolve);
    }

    /// @param variant changes the plan of each container and exec before it is run: fault injection
    /// @param spareNetwork where containers have their network namespace from; without it, each makes its own
    HostRuntime(
            Poller poller,
            RuntimeOptions options,
            UnaryOperator<LaunchPlan> variant,
            Optional<SpareNetwork> spareNetwork)
            throws IOException {
        this(poller, options, variant, spareNetwork, options.stateRoot()::resolve);
    }

    /// @param bundles what hooks are told of where a container's configuration lies, by its ID
    HostRuntime(
            Poller poller,
            RuntimeOptions options,
            UnaryOperator<LaunchPlan> variant,
            Optional<SpareNetwork> spareNetwork,
            Function<String, Path> bundles)
            throws IOException {
        this.launcher = new Launcher(poller);
        CgroupHost cgroups = CgroupHost.detect();
        this.states = new StateRoot(cgroups, options.stateRoot(), options.cgroupParent());
        this.capabilities = HostCapabilities.read();
        List<Host.Hierarchy> hierarchies = cgroups.hierarchies().stream()
                .map(each -> new Host.Hierarchy(each.directory(), each.controllers()))
                .toList();
        Host host = new Host(Architecture.host(), capabilities.last(), hierarchies, cgroups.unified() != null);
        Consumer<String> warnings = once(options.warnings());
        HostLimits limits = HostLimits.read(capabilities.maySetResources(), options.openFiles(), warnings);
        ProcessPlans processes = new ProcessPlans(capabilities, limits, filters, warnings);
        this.execs = new ContainerExecs.Plans(host, processes, variant);
        this.preparation = new Preparation(
                states,
                new LaunchPlans(host, processes),
                variant,
                new HookRunner(poller),
                new UserNamespaces(poller),
                spareNetwork,
                bundles,
                warnings);
        spareNetwork.ifPresent(SpareNetwork::prepare);
        states.make();
    }

    /// What this host is, and what starts programs on it: read and made once, also for containers of other runtimes.
    Launcher launcher() {
        return launcher;
    }

    StateRoot states() {
        return states;
    }

    Preparation preparation() {
        return preparation;
    }

    HostCapabilities capabilities() {
        return capabilities;
    }

    private static Consumer<String> once(Consumer<String> warnings) {
        Set<String> told = ConcurrentHashMap.newKeySet();
        return warning -> {
            if (told.add(warning)) {
                warnings.accept(warning);
            }
        };
    }

    @Override
    public SafeDirectory mount(RootFileSystem root) throws IOException {
        return SafeDirectory.of(
                switch (root) {
                    case RootFileSystem.Overlay(var lower, var upper, var work) -> Mounts.overlay(lower, upper, work);
                    case RootFileSystem.MappedOverlay mapped ->
                        MappedOverlays.mount(
                                mapped.lowerTopFirst(),
                                mapped.upper(),
                                mapped.work(),
                                MappedOverlays.Owner.of(
                                        new IdMaps(mapped.uids(), mapped.gids()), preparation.userNamespaces()));
                    case RootFileSystem.Directory(var path) -> directory(path);
                });
    }

    /// pivot_root(2) refuses a root that is a peer of the host's mounts, as they are shared on most.
    private static OwnedFd directory(Path path) throws KernelException {
        OwnedFd tree = Mounts.openTree(path, true);
        boolean slave = false;
        try {
            Mounts.makeSlave(tree);
            slave = true;
            return tree;
        } finally {
            if (!slave) {
                tree.close();
            }
        }
    }

    @Override
    public RunningContainer start(ContainerLaunch launch) throws IOException {
        return preparation.launch(launch, new ProcessPlan.Reaper.Shim(), this::supervised);
    }

    private RunningContainer supervised(Preparation.Prepared prepared, Handover handover, OutsideWork outside)
            throws IOException {
        ContainerLaunch launch = prepared.launch();
        Belongings belongings = prepared.belongings();
        ContainerState.Kept kept = prepared.kept();
        StartedProcess started = run(prepared, handover, outside);
        LifecycleHooks hooks = preparation.hooks(launch.id(), kept);
        belongings.whenRemoved(hooks::stopped);
        afterStart(hooks, started);
        ContainerExecs.Container container = new ContainerExecs.Container(
                launch.id(), started, belongings, launch.root(), kept.filter(), kept.namespaces());
        return new StartedContainer(container, new ContainerExecs(launcher, execs, container), kept.ownPidNamespace());
    }

    /// A container whose hooks fail after its start is no container.
    private static void afterStart(LifecycleHooks hooks, StartedProcess started) throws IOException {
        try {
            hooks.started(started.pid());
        } catch (IOException | RuntimeException e) {
            started.close();
            throw e;
        }
    }

    @Override
    public List<String> leftovers() throws IOException {
        return states.containers();
    }

    @Override
    public List<Path> remainsOf(String id) throws IOException {
        ContainerLaunch.checkId(id);
        return states.remainsOf(id);
    }

    @Override
    public List<StrayGroups> strayGroups() throws IOException {
        return states.strayGroups();
    }

    @Override
    public Optional<Adopted> adopt(String id) throws IOException {
        ContainerLaunch.checkId(id);
        return adoption().adopt(id, states.belongings(id));
    }

    Adoption adoption() {
        return new Adoption(launcher, execs);
    }

    @Override
    public void prepare(Supplier<Seccomp> filter) {
        filters.prepare(filter);
    }

    @Override
    public void removeCgroupParent() {
        states.removeCgroupParent();
    }

    @Override
    public void discard(String id) throws IOException {
        ContainerLaunch.checkId(id);
        states.belongings(id).remove();
    }

    @Override
    public Explanation explain(PlannedLaunch launch, RootFileSystem root) throws IOException {
        CgroupPlace place = preparation.place(launch.id(), Preparation.linux(launch.spec()));
        Cgroup cgroup = Cgroup.of(states.cgroups(), place);
        LaunchPlan plan = preparation.plan(launch);
        Explainer explainer = new Explainer(launch, plan, cgroup, states.directory(), place.recorded(launch.id()));
        return switch (root) {
            case RootFileSystem.Overlay(var lower, var upper, var work) -> explainer.onOverlay(lower, upper, work);
            case RootFileSystem.MappedOverlay mapped ->
                explainer.onMappedOverlay(mapped.lowerTopFirst(), mapped.upper(), mapped.work());
            case RootFileSystem.Directory(var path) -> explainer.onDirectory(path);
        };
    }

    private StartedProcess run(Preparation.Prepared prepared, Handover handover, OutsideWork outside)
            throws IOException {
        ContainerLaunch launch = prepared.launch();
        Belongings belongings = prepared.belongings();
        return launcher.run(
                new Launcher.Request(
                        prepared.program(),
                        prepared.process(),
                        launch.openStdin(),
                        () -> handover.give(LaunchPlan.DEVPTS, prepared.devpts(handover)),
                        belongings.state().status(),
                        belongings::outOfMemory,
                        shim -> belongings.state().prepare(prepared.kept().with(shim)),
                        outside::perform),
                handover,
                failed -> new LaunchFailures(prepared.plan(), prepared.process(), launch.root()).of(failed));
    }
}
