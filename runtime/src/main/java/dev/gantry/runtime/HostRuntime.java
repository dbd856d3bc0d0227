package dev.gantry.runtime;

import dev.gantry.kernel.HostFiles;
import dev.gantry.kernel.Mounts;
import dev.gantry.kernel.OpenMode;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.Poller;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.runtime.Linux;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Seccomp;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.cgroup.Cgroup;
import dev.gantry.runtime.cgroup.CgroupHost;
import dev.gantry.runtime.cgroup.CgroupParent;
import dev.gantry.runtime.cgroup.CgroupPlace;
import dev.gantry.runtime.check.StrayGroups;
import dev.gantry.runtime.conformance.Support;
import dev.gantry.runtime.explain.Explainer;
import dev.gantry.runtime.explain.Explanation;
import dev.gantry.runtime.explain.PlannedLaunch;
import dev.gantry.runtime.hook.HookRunner;
import dev.gantry.runtime.hook.LifecycleHooks;
import dev.gantry.runtime.hook.StateDocument;
import dev.gantry.runtime.idmap.IdMaps;
import dev.gantry.runtime.idmap.MappedOverlays;
import dev.gantry.runtime.idmap.UserNamespaces;
import dev.gantry.runtime.launch.ExecNamespaces;
import dev.gantry.runtime.launch.Host;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.launch.ProcessPlan;
import dev.gantry.runtime.limit.HostLimits;
import dev.gantry.runtime.network.SpareNetwork;
import dev.gantry.runtime.program.Architecture;
import dev.gantry.runtime.seccomp.SeccompFilters;
import dev.gantry.runtime.shim.Handover;
import dev.gantry.runtime.shim.StandardStreams;
import dev.gantry.runtime.timing.StartStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Starts containers with this host's kernel: cgroups, root file system and descriptors here, the rest in the
/// program.
final class HostRuntime implements ContainerRuntime {
    private final Launcher launcher;
    private final RuntimeOptions options;
    private final CgroupHost cgroups;
    private final HostCapabilities capabilities;
    private final SeccompFilters filters = new SeccompFilters();
    private final LaunchPlans plans;
    private final ContainerExecs.Plans execs;
    private final Consumer<String> warnings;
    private final UnaryOperator<LaunchPlan> variant;
    private final HookRunner hookRunner;
    private final UserNamespaces userNamespaces;
    private final Optional<SpareNetwork> spareNetwork;
    private final Function<String, Path> bundles;

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
        this.bundles = bundles;
        this.variant = variant;
        this.spareNetwork = spareNetwork;
        this.launcher = new Launcher(poller);
        this.hookRunner = new HookRunner(poller);
        this.userNamespaces = new UserNamespaces(poller);
        this.options = options;
        this.cgroups = CgroupHost.detect();
        this.capabilities = HostCapabilities.read();
        List<Host.Hierarchy> hierarchies = cgroups.hierarchies().stream()
                .map(each -> new Host.Hierarchy(each.directory(), each.controllers()))
                .toList();
        Host host = new Host(Architecture.host(), capabilities.last(), hierarchies, cgroups.unified() != null);
        this.warnings = once(options.warnings());
        HostLimits limits = HostLimits.read(capabilities.maySetResources(), options.openFiles(), warnings);
        ProcessPlans processes = new ProcessPlans(capabilities, limits, filters, warnings);
        this.plans = new LaunchPlans(host, processes);
        this.execs = new ContainerExecs.Plans(host, processes, variant);
        spareNetwork.ifPresent(SpareNetwork::prepare);
        Files.createDirectories(
                options.stateRoot(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
    }

    /// What this host is, and what starts programs on it: read and made once, also for containers of other runtimes.
    Launcher launcher() {
        return launcher;
    }

    HookRunner hookRunner() {
        return hookRunner;
    }

    CgroupHost cgroups() {
        return cgroups;
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
                                MappedOverlays.Owner.of(new IdMaps(mapped.uids(), mapped.gids()), userNamespaces));
                    case RootFileSystem.Directory(var path) -> Mounts.openTree(path, true);
                });
    }

    @Override
    public RunningContainer start(ContainerLaunch launch) throws IOException {
        return prepared(launch, new ProcessPlan.Reaper.Shim(), this::supervised);
    }

    /// What is done once a container's state and cgroups are there, and what its program needs is open.
    interface Launching<T> {
        T with(Prepared prepared, Handover handover, OutsideWork outside) throws IOException;
    }

    /// Makes everything but a container's process, and nothing if that cannot be made.
    <T> T prepared(ContainerLaunch launch, ProcessPlan.Reaper reaper, Launching<T> launching) throws IOException {
        Linux linux = linux(launch.spec());
        StartStep step = StartStep.begin("launch program compiled");
        try (Handover handover = new Handover()) {
            LaunchPlans.Planned planned = plans.plan(planned(launch), reaper, readyNamespaces(linux, handover));
            Support.withoutEffect(launch.spec()).forEach(warnings);
            step = step.then("cgroups made and limited, descriptors opened");
            CgroupPlace place = place(launch.id(), linux);
            Belongings belongings = new Belongings(Cgroup.of(cgroups, place), state(launch.id()));
            if (reaper instanceof ProcessPlan.Reaper.Caller) {
                refuseForeign(belongings.cgroup(), linux);
            }
            belongings.state().create(place.recorded(launch.id()));
            Prepared prepared = prepared(launch, linux, planned, belongings);
            try (OutsideWork outside = new OutsideWork(
                    order(prepared, linux), hookRunner, belongings.state().hookState())) {
                belongings.cgroup().create(linux.resources(), warnings);
                belongings.handCgroupTrees(prepared.plan(), handover);
                hand(launch, linux, belongings, handover, planned.maps());
                outside.hand(prepared.plan(), handover);
                step.commit();
                return launching.with(prepared, handover, outside);
            } catch (IOException | RuntimeException e) {
                belongings.remove(e);
                throw e;
            }
        }
    }

    /// A group that the caller has chosen may be somebody else's, and what is in it is killed at the end.
    private static void refuseForeign(Cgroup cgroup, Linux linux) throws IOException {
        int processes = cgroup.processes().size();
        if (processes > 0) {
            throw new LaunchException(
                    "linux.cgroupsPath",
                    "cgroup %s is not empty: %d processes found".formatted(linux.cgroupsPath(), processes),
                    null,
                    LaunchException.SETUP);
        }
    }

    private Prepared prepared(ContainerLaunch launch, Linux linux, LaunchPlans.Planned planned, Belongings belongings) {
        ContainerState.Kept kept = new ContainerState.Kept(
                makes(linux, Namespace.Type.PID),
                planned.spec(),
                planned.process().filter(),
                namespaces(linux, planned.maps()),
                launch.spec().hooks(),
                launch.spec().annotations());
        StateDocument document = new StateDocument(
                launch.id(), bundles.apply(launch.id()), launch.spec().annotations());
        return new Prepared(launch, variant.apply(planned.program()), planned, kept, belongings, document);
    }

    private static OutsideWork.Order order(Prepared prepared, Linux linux) {
        ProcessPlan process = prepared.planned().process();
        return new OutsideWork.Order(
                prepared.document(),
                linux.timeOffsets(),
                prepared.planned().maps(),
                prepared.kept().hooks(),
                process.oomScoreAdjustment(),
                process.agent(),
                0);
    }

    /// Takes the namespaces that do not have to be made with the process.
    private Set<Namespace.Type> readyNamespaces(Linux linux, Handover handover) {
        Optional<OwnedFd> network = takesSpare(linux) ? spareNetwork.flatMap(SpareNetwork::take) : Optional.empty();
        if (network.isEmpty()) {
            return Set.of();
        }
        handover.give(namespace(Namespace.Type.NETWORK), network.get());
        return Set.of(Namespace.Type.NETWORK);
    }

    /// A namespace belongs to the user namespace of its maker: a container with its own makes the others, too.
    private static boolean takesSpare(Linux linux) {
        return makes(linux, Namespace.Type.NETWORK) && !has(linux, Namespace.Type.USER);
    }

    private RunningContainer supervised(Prepared prepared, Handover handover, OutsideWork outside) throws IOException {
        Belongings belongings = prepared.belongings();
        ContainerState.Kept kept = prepared.kept();
        StartedProcess started = run(prepared, handover, outside);
        LifecycleHooks hooks = new LifecycleHooks(kept.hooks(), prepared.document(), hookRunner, warnings);
        afterStart(hooks, started);
        belongings.whenRemoved(hooks::stopped);
        ContainerLaunch launch = prepared.launch();
        ContainerExecs.Container container = new ContainerExecs.Container(
                launch.id(), started, belongings, launch.root(), kept.filter(), kept.namespaces());
        return new StartedContainer(container, new ContainerExecs(launcher, execs, container), kept.ownPidNamespace());
    }

    /// The hooks of a container that has been left to the caller.
    LifecycleHooks hooks(String id, ContainerState.Kept kept) {
        return new LifecycleHooks(kept.hooks(), document(id, kept), hookRunner, warnings);
    }

    /// A container that has been left to the caller, as others are told of it.
    StateDocument document(String id, ContainerState.Kept kept) {
        return new StateDocument(id, bundles.apply(id), kept.annotations());
    }

    Consumer<String> warnings() {
        return warnings;
    }

    LaunchPlans plans() {
        return plans;
    }

    static Linux linux(Spec spec) throws LaunchException {
        Linux linux = spec.linux();
        if (linux == null) {
            throw new LaunchException("linux", "the spec has no \"linux\" part", null, LaunchException.SETUP);
        }
        return linux;
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

    private static ExecNamespaces namespaces(Linux linux, IdMaps maps) {
        return new ExecNamespaces(has(linux, Namespace.Type.USER), has(linux, Namespace.Type.TIME), maps);
    }

    static boolean has(Linux linux, Namespace.Type type) {
        return linux.namespaces().stream().anyMatch(each -> each.type() == type);
    }

    static boolean makes(Linux linux, Namespace.Type type) {
        return linux.namespaces().stream().anyMatch(each -> each.type() == type && each.path() == null);
    }

    private static String namespace(Namespace.Type type) {
        return LaunchPlan.namespace(type.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public List<String> leftovers() throws IOException {
        try (Stream<Path> states = Files.list(options.stateRoot())) {
            return states.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public List<Path> remainsOf(String id) throws IOException {
        ContainerLaunch.checkId(id);
        Belongings found = belongings(id);
        return Stream.concat(Stream.of(found.state().directory()), found.cgroup().ownDirectories().stream())
                .filter(Files::exists)
                .toList();
    }

    @Override
    public List<StrayGroups> strayGroups() throws IOException {
        return StrayGroups.find(cgroups, options.cgroupParent(), options.stateRoot());
    }

    @Override
    public Optional<Adopted> adopt(String id) throws IOException {
        ContainerLaunch.checkId(id);
        return adoption().adopt(id, belongings(id));
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
        new CgroupParent(cgroups, options.cgroupParent()).removeIfEmpty();
    }

    /// Removes what was made above the cgroups of a container that is gone: the caller's own groups stay.
    void removeCgroupParent(CgroupPlace former) {
        if (former.parent().equals(options.cgroupParent())) {
            removeCgroupParent();
        } else {
            new CgroupParent(cgroups, former.parent()).removeSupervisorsIfEmpty();
        }
    }

    @Override
    public void discard(String id) throws IOException {
        ContainerLaunch.checkId(id);
        belongings(id).remove();
    }

    /// What an earlier runtime made of a container.
    Belongings belongings(String id) throws IOException {
        return new Belongings(Cgroup.of(cgroups, recordedPlace(id)), state(id));
    }

    CgroupPlace recordedPlace(String id) throws IOException {
        return state(id)
                .cgroup()
                .map(recorded -> CgroupPlace.read(recorded, id))
                .orElseGet(() -> new CgroupPlace(options.cgroupParent(), id));
    }

    ContainerState state(String id) {
        return new ContainerState(options.stateRoot().resolve(id));
    }

    @Override
    public Explanation explain(PlannedLaunch launch, RootFileSystem root) throws IOException {
        CgroupPlace place = place(launch.id(), linux(launch.spec()));
        Cgroup cgroup = Cgroup.of(cgroups, place);
        Explainer explainer =
                new Explainer(launch, plan(launch), cgroup, options.stateRoot(), place.recorded(launch.id()));
        return switch (root) {
            case RootFileSystem.Overlay(var lower, var upper, var work) -> explainer.onOverlay(lower, upper, work);
            case RootFileSystem.MappedOverlay mapped ->
                explainer.onMappedOverlay(mapped.lowerTopFirst(), mapped.upper(), mapped.work());
            case RootFileSystem.Directory(var path) -> explainer.onDirectory(path);
        };
    }

    private static PlannedLaunch planned(ContainerLaunch launch) {
        return new PlannedLaunch(
                launch.id(),
                launch.spec(),
                launch.openStdin(),
                launch.init(),
                launch.origins()::of,
                Files::isDirectory);
    }

    /// The program of a container as it would be started now.
    LaunchPlan plan(PlannedLaunch launch) throws IOException {
        boolean spare = takesSpare(linux(launch.spec()))
                && spareNetwork.filter(SpareNetwork::isReady).isPresent();
        return variant.apply(
                plans.plan(launch, new ProcessPlan.Reaper.Shim(), spare ? Set.of(Namespace.Type.NETWORK) : Set.of())
                        .program());
    }

    /// A container that is about to be started.
    ///
    /// @param plan the program that is run
    record Prepared(
            ContainerLaunch launch,
            LaunchPlan plan,
            LaunchPlans.Planned planned,
            ContainerState.Kept kept,
            Belongings belongings,
            StateDocument document) {
        Process process() {
            return planned.spec();
        }

        IdMaps maps() {
            return planned.maps();
        }
    }

    private StartedProcess run(Prepared prepared, Handover handover, OutsideWork outside) throws IOException {
        ContainerLaunch launch = prepared.launch();
        Belongings belongings = prepared.belongings();
        return launcher.run(
                new Launcher.Request(
                        prepared.plan(),
                        launch.id(),
                        prepared.process(),
                        launch.openStdin(),
                        () -> handover.give(LaunchPlan.DEVPTS, StandardStreams.newDevpts(prepared.maps())),
                        belongings.state().status(),
                        belongings::outOfMemory,
                        shim -> belongings.state().prepare(prepared.kept().with(shim)),
                        outside::perform),
                handover,
                failed -> new LaunchFailures(prepared.plan(), prepared.process(), launch.root()).of(failed));
    }

    private void hand(ContainerLaunch launch, Linux linux, Belongings belongings, Handover handover, IdMaps maps)
            throws IOException {
        belongings.handCgroups(handover);
        handover.show(LaunchPlan.ROOT, launch.root().descriptor());
        for (Namespace each : linux.namespaces()) {
            if (each.path() != null) {
                handover.give(namespace(each.type()), HostFiles.open(Path.of(each.path()), OpenMode.READ));
            }
        }
        new MountSources(userNamespaces, maps).hand(launch.spec().mounts(), launch.root(), handover);
    }

    CgroupPlace place(ContainerLaunch launch) throws LaunchException {
        return place(launch.id(), linux(launch.spec()));
    }

    private CgroupPlace place(String id, Linux linux) throws LaunchException {
        try {
            return CgroupPlace.of(linux.cgroupsPath(), new CgroupPlace(options.cgroupParent(), id));
        } catch (IllegalArgumentException e) {
            String item = "linux.cgroupsPath";
            throw new LaunchException(item, item + ": " + e.getMessage(), null, LaunchException.SETUP);
        }
    }
}
