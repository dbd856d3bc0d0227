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
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.cgroup.Cgroup;
import dev.gantry.runtime.cgroup.CgroupHost;
import dev.gantry.runtime.cgroup.CgroupParent;
import dev.gantry.runtime.check.StrayGroups;
import dev.gantry.runtime.explain.Explainer;
import dev.gantry.runtime.explain.Explanation;
import dev.gantry.runtime.explain.PlannedLaunch;
import dev.gantry.runtime.hook.HookRunner;
import dev.gantry.runtime.hook.LifecycleHooks;
import dev.gantry.runtime.hook.StateDocument;
import dev.gantry.runtime.idmap.IdMaps;
import dev.gantry.runtime.idmap.MappedOverlays;
import dev.gantry.runtime.idmap.UserNamespaces;
import dev.gantry.runtime.launch.ExecCompiler;
import dev.gantry.runtime.launch.Host;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.launch.ProcessPlan;
import dev.gantry.runtime.network.SpareNetwork;
import dev.gantry.runtime.program.Architecture;
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
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Starts containers with this host's kernel: cgroups, root file system and descriptors here, the rest in the
/// program.
final class HostRuntime implements ContainerRuntime {
    private final Launcher launcher;
    private final RuntimeOptions options;
    private final CgroupHost cgroups;
    private final LaunchPlans plans;
    private final ContainerExecs.Plans execs;
    private final Consumer<String> warnings;
    private final UnaryOperator<LaunchPlan> variant;
    private final HookRunner hookRunner;
    private final UserNamespaces userNamespaces;
    private final Optional<SpareNetwork> spareNetwork;

    HostRuntime(Poller poller, RuntimeOptions options) throws IOException {
        this(poller, options, UnaryOperator.identity(), Optional.of(new SpareNetwork()));
    }

    /// @param variant changes the plan of each container and exec before it is run: fault injection
    /// @param spareNetwork where containers have their network namespace from; without it, each makes its own
    HostRuntime(
            Poller poller,
            RuntimeOptions options,
            UnaryOperator<LaunchPlan> variant,
            Optional<SpareNetwork> spareNetwork)
            throws IOException {
        this.variant = variant;
        this.spareNetwork = spareNetwork;
        this.launcher = new Launcher(poller);
        this.hookRunner = new HookRunner(poller);
        this.userNamespaces = new UserNamespaces(poller);
        this.options = options;
        this.cgroups = CgroupHost.detect();
        HostCapabilities capabilities = HostCapabilities.read();
        List<Host.Hierarchy> hierarchies = cgroups.hierarchies().stream()
                .map(each -> new Host.Hierarchy(each.directory(), each.controllers()))
                .toList();
        Host host = new Host(Architecture.host(), capabilities.last(), hierarchies, cgroups.unified() != null);
        this.warnings = once(options.warnings());
        ProcessPlans processes =
                new ProcessPlans(capabilities, HostLimits.read(capabilities, options.openFiles(), warnings));
        this.plans = new LaunchPlans(host, processes);
        this.execs = new ContainerExecs.Plans(host, processes, variant);
        spareNetwork.ifPresent(SpareNetwork::prepare);
        Files.createDirectories(
                options.stateRoot(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
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
        Linux linux = linux(launch.spec());
        StartStep step = StartStep.begin("launch program compiled");
        try (Handover handover = new Handover()) {
            LaunchPlans.Planned planned = plans.plan(planned(launch), readyNamespaces(linux, handover));
            step.commit();
            return start(launch, linux, handover, planned);
        }
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

    private RunningContainer start(ContainerLaunch launch, Linux linux, Handover handover, LaunchPlans.Planned planned)
            throws IOException {
        StartStep step = StartStep.begin("cgroups made and limited, descriptors opened");
        LaunchPlan plan = variant.apply(planned.program());
        String parent = parent(linux);
        Belongings belongings = new Belongings(Cgroup.of(cgroups, parent, launch.id()), state(launch.id()));
        belongings.state().create(parent);
        StateDocument document = new StateDocument(
                launch.id(), belongings.state().directory(), launch.spec().annotations());
        LifecycleHooks hooks = new LifecycleHooks(launch.spec().hooks(), document, hookRunner, warnings);
        OutsideWork.Order order = new OutsideWork.Order(
                document,
                linux,
                planned.maps(),
                launch.spec().hooks(),
                planned.process().oomScoreAdjustment());
        try (OutsideWork outside =
                new OutsideWork(order, hookRunner, belongings.state().hookState())) {
            belongings.cgroup().create(linux.resources(), warnings);
            belongings.handCgroupTrees(plan, handover);
            hand(launch, linux, belongings, handover, planned.maps());
            outside.hand(plan, handover);
            step.commit();
            ExecCompiler.Namespaces namespaces = namespaces(linux, planned.maps());
            ProcessPlan.Filter filter = planned.process().filter();
            ContainerState.Kept kept = new ContainerState.Kept(
                    makes(linux, Namespace.Type.PID),
                    planned.spec(),
                    filter,
                    namespaces,
                    launch.spec().hooks(),
                    launch.spec().annotations());
            StartedProcess started = run(
                    new Prepared(launch, planned.spec(), plan, planned.maps(), kept), belongings, handover, outside);
            afterStart(hooks, started);
            belongings.whenRemoved(hooks::stopped);
            ContainerExecs.Container container =
                    new ContainerExecs.Container(launch.id(), started, belongings, launch.root(), filter, namespaces);
            return new StartedContainer(
                    container, new ContainerExecs(launcher, execs, container), makes(linux, Namespace.Type.PID));
        } catch (IOException | RuntimeException e) {
            belongings.remove(e);
            throw e;
        }
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

    private static ExecCompiler.Namespaces namespaces(Linux linux, IdMaps maps) {
        return new ExecCompiler.Namespaces(has(linux, Namespace.Type.USER), has(linux, Namespace.Type.TIME), maps);
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
    public void removeCgroupParent() {
        new CgroupParent(cgroups, options.cgroupParent()).removeIfEmpty();
    }

    @Override
    public void discard(String id) throws IOException {
        ContainerLaunch.checkId(id);
        belongings(id).remove();
    }

    /// What an earlier runtime made of a container.
    Belongings belongings(String id) throws IOException {
        ContainerState state = state(id);
        String parent = state.cgroupParent().orElse(options.cgroupParent());
        return new Belongings(Cgroup.of(cgroups, parent, id), state);
    }

    ContainerState state(String id) {
        return new ContainerState(options.stateRoot().resolve(id));
    }

    @Override
    public Explanation explain(PlannedLaunch launch, RootFileSystem root) throws IOException {
        String parent = parent(linux(launch.spec()));
        Cgroup cgroup = Cgroup.of(cgroups, parent, launch.id());
        Explainer explainer = new Explainer(launch, plan(launch), cgroup, options.stateRoot(), parent);
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
        return variant.apply(plans.plan(launch, spare ? Set.of(Namespace.Type.NETWORK) : Set.of())
                .program());
    }

    /// A container that is about to be started.
    private record Prepared(
            ContainerLaunch launch, Process process, LaunchPlan plan, IdMaps maps, ContainerState.Kept kept) {}

    private StartedProcess run(Prepared prepared, Belongings belongings, Handover handover, OutsideWork outside)
            throws IOException {
        ContainerLaunch launch = prepared.launch();
        return launcher.run(
                new Launcher.Request(
                        prepared.plan(),
                        launch.id(),
                        prepared.process(),
                        launch.openStdin(),
                        () -> handover.give(LaunchPlan.DEVPTS, StandardStreams.newDevpts(prepared.maps())),
                        belongings.state().status(),
                        belongings::outOfMemory,
                        shim -> belongings.state().write(prepared.kept().with(shim)),
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

    /// `<parent>/<id>` when the spec says so; only the parent is free to choose.
    String parent(Linux linux) {
        @Nullable String path = linux.cgroupsPath();
        int slash = path == null ? -1 : path.lastIndexOf('/');
        return path == null || slash < 1 ? options.cgroupParent() : path.substring(0, slash);
    }
}
