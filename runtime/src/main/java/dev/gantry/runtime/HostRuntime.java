package dev.gantry.runtime;

import dev.gantry.kernel.HostFiles;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Mounts;
import dev.gantry.kernel.OpenMode;
import dev.gantry.kernel.Poller;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.runtime.Linux;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Process;
import dev.gantry.runtime.cgroup.Cgroup;
import dev.gantry.runtime.cgroup.CgroupHost;
import dev.gantry.runtime.cgroup.CgroupParent;
import dev.gantry.runtime.conformance.Support;
import dev.gantry.runtime.explain.Explainer;
import dev.gantry.runtime.explain.Explanation;
import dev.gantry.runtime.explain.PlannedLaunch;
import dev.gantry.runtime.hook.HookRunner;
import dev.gantry.runtime.hook.LifecycleHooks;
import dev.gantry.runtime.hook.StateDocument;
import dev.gantry.runtime.idmap.IdMaps;
import dev.gantry.runtime.idmap.MappedOverlays;
import dev.gantry.runtime.idmap.ProcessMaps;
import dev.gantry.runtime.idmap.UserNamespaces;
import dev.gantry.runtime.launch.ContainerCompiler;
import dev.gantry.runtime.launch.ExecCompiler;
import dev.gantry.runtime.launch.Host;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.launch.ProcessPlan;
import dev.gantry.runtime.launch.RefusedException;
import dev.gantry.runtime.mount.BindSource;
import dev.gantry.runtime.program.Architecture;
import dev.gantry.runtime.shim.Handover;
import dev.gantry.runtime.shim.StandardStreams;
import dev.gantry.runtime.timing.StartStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Starts containers with this host's kernel: cgroups, root file system and descriptors here, the rest in the
/// program.
final class HostRuntime implements ContainerRuntime {
    private final Launcher launcher;
    private final RuntimeOptions options;
    private final CgroupHost cgroups;
    private final Host host;
    private final ProcessPlans processes;
    private final Consumer<String> warnings;
    private final UnaryOperator<LaunchPlan> variant;
    private final HookRunner hookRunner;
    private final UserNamespaces userNamespaces;

    HostRuntime(Poller poller, RuntimeOptions options) throws IOException {
        this(poller, options, UnaryOperator.identity());
    }

    /// @param variant changes each container's plan before it is run: fault injection
    HostRuntime(Poller poller, RuntimeOptions options, UnaryOperator<LaunchPlan> variant) throws IOException {
        this.variant = variant;
        this.launcher = new Launcher(poller);
        this.hookRunner = new HookRunner(poller);
        this.userNamespaces = new UserNamespaces(poller);
        this.options = options;
        this.cgroups = CgroupHost.detect();
        HostCapabilities capabilities = HostCapabilities.read();
        List<Host.Hierarchy> hierarchies = cgroups.hierarchies().stream()
                .map(each -> new Host.Hierarchy(each.directory(), each.controllers()))
                .toList();
        this.host = new Host(Architecture.host(), capabilities.last(), hierarchies, cgroups.unified() != null);
        this.warnings = once(options.warnings());
        this.processes = new ProcessPlans(capabilities, HostLimits.read(capabilities, options.openFiles(), warnings));
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
        Process process = launch.spec().process();
        Linux linux = launch.spec().linux();
        if (process == null || linux == null) {
            throw refused("process", "the spec has no process or no \"linux\" part");
        }
        StartStep step = StartStep.begin("launch program compiled");
        ProcessPlan processPlan = processPlan(process, launch.openStdin(), linux);
        IdMaps maps = maps(linux);
        LaunchPlan plan = plan(planned(launch), processPlan, maps);
        String parent = parent(linux);
        step = step.then("cgroups made and limited, descriptors opened");
        Belongings belongings = new Belongings(Cgroup.of(cgroups, parent, launch.id()), state(launch.id()));
        belongings.state().create(parent);
        StateDocument document = new StateDocument(
                launch.id(), belongings.state().directory(), launch.spec().annotations());
        LifecycleHooks hooks = new LifecycleHooks(launch.spec().hooks(), document, hookRunner, warnings);
        OutsideWork.Order order =
                new OutsideWork.Order(document, linux, maps, launch.spec().hooks(), processPlan.oomScoreAdjustment());
        try (Handover handover = new Handover();
                OutsideWork outside =
                        new OutsideWork(order, hookRunner, belongings.state().hookState())) {
            belongings.cgroup().create(linux.resources(), warnings);
            belongings.handCgroupTrees(plan, handover);
            hand(launch, belongings, handover, maps);
            outside.hand(plan, handover);
            step.commit();
            ExecCompiler.Namespaces namespaces = namespaces(linux, maps);
            ContainerState.Kept kept = new ContainerState.Kept(
                    ownsPidNamespace(linux),
                    process,
                    processPlan.filter(),
                    namespaces,
                    launch.spec().hooks(),
                    launch.spec().annotations());
            StartedProcess started =
                    run(new Prepared(launch, process, plan, maps, kept), belongings, handover, outside);
            afterStart(hooks, started);
            belongings.whenRemoved(hooks::stopped);
            ContainerExecs.Container container = new ContainerExecs.Container(
                    launch.id(), started, belongings, launch.root(), processPlan.filter(), namespaces);
            return new StartedContainer(
                    container, new ContainerExecs(launcher, host, processes, container), ownsPidNamespace(linux));
        } catch (IOException | RuntimeException e) {
            belongings.remove(e);
            throw e;
        }
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

    private static boolean has(Linux linux, Namespace.Type type) {
        return linux.namespaces().stream().anyMatch(each -> each.type() == type);
    }

    /// The maps of the container's user namespace, of its own or joined.
    private static IdMaps maps(Linux linux) throws IOException {
        IdMaps given = new IdMaps(linux.uidMappings(), linux.gidMappings());
        Optional<Namespace> user = linux.namespaces().stream()
                .filter(each -> each.type() == Namespace.Type.USER)
                .findFirst();
        if (user.isEmpty()) {
            if (!given.isEmpty()) {
                throw refused(
                        "linux.uidMappings",
                        "user namespace mappings specified, but user namespace isn't enabled in the config");
            }
            return IdMaps.NONE;
        }
        String path = user.get().path();
        if (path != null) {
            return given.isEmpty() ? ProcessMaps.of(Path.of(path)) : given;
        } else if (given.uids().isEmpty()) {
            throw refused("linux.uidMappings", "user namespaces enabled, but no uid mappings found");
        } else if (given.gids().isEmpty()) {
            throw refused("linux.gidMappings", "user namespaces enabled, but no gid mapping found");
        }
        return given;
    }

    @Override
    public List<String> leftovers() throws IOException {
        try (Stream<Path> states = Files.list(options.stateRoot())) {
            return states.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public Optional<Adopted> adopt(String id) throws IOException {
        ContainerLaunch.checkId(id);
        return new Adoption(launcher, host, processes).adopt(id, belongings(id));
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
    private Belongings belongings(String id) throws IOException {
        ContainerState state = state(id);
        String parent = state.cgroupParent().orElse(options.cgroupParent());
        return new Belongings(Cgroup.of(cgroups, parent, id), state);
    }

    private ContainerState state(String id) {
        return new ContainerState(options.stateRoot().resolve(id));
    }

    private static boolean ownsPidNamespace(Linux linux) {
        return linux.namespaces().stream().anyMatch(each -> each.type() == Namespace.Type.PID && each.path() == null);
    }

    private ProcessPlan processPlan(Process process, boolean openStdin, Linux linux) throws LaunchException {
        try {
            return processes.plan(process, openStdin, linux);
        } catch (RefusedException e) {
            throw refused(e.item(), String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw refused("process", String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Explanation explain(PlannedLaunch launch, RootFileSystem root) throws IOException {
        Linux linux = launch.spec().linux();
        if (linux == null) {
            throw refused("linux", "the spec has no \"linux\" part");
        }
        String parent = parent(linux);
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

    /// The program of a container that is not to be started.
    LaunchPlan plan(PlannedLaunch launch) throws IOException {
        Process process = launch.spec().process();
        Linux linux = launch.spec().linux();
        if (process == null || linux == null) {
            throw refused("process", "the spec has no process or no \"linux\" part");
        }
        return plan(launch, processPlan(process, launch.openStdin(), linux), maps(linux));
    }

    private LaunchPlan plan(PlannedLaunch launch, ProcessPlan process, IdMaps maps) throws LaunchException {
        try {
            Support.check(launch.spec());
            return variant.apply(ContainerCompiler.compile(new ContainerCompiler.Request(
                    launch.id(),
                    launch.spec(),
                    process,
                    launch.init(),
                    host,
                    bindSources(launch.spec().mounts(), launch.isDirectory()),
                    maps,
                    launch.origins())));
        } catch (RefusedException e) {
            throw refused(e.item(), String.valueOf(e.getMessage()));
        }
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

    private void hand(ContainerLaunch launch, Belongings belongings, Handover handover, IdMaps maps)
            throws IOException {
        belongings.handCgroups(handover);
        handover.show(LaunchPlan.ROOT, launch.root().descriptor());
        handNamespaces(launch, handover);
        new MountSources(userNamespaces, maps).hand(launch.spec().mounts(), launch.root(), handover);
    }

    private static void handNamespaces(ContainerLaunch launch, Handover handover) throws KernelException {
        Linux linux = launch.spec().linux();
        if (linux == null) {
            return;
        }
        for (Namespace namespace : linux.namespaces()) {
            if (namespace.path() != null) {
                handover.give(
                        LaunchPlan.namespace(namespace.type().name().toLowerCase(Locale.ROOT)),
                        HostFiles.open(Path.of(namespace.path()), OpenMode.READ));
            }
        }
    }

    /// For each bind mount whether its source is a directory.
    private static Map<Integer, Boolean> bindSources(List<Mount> mounts, Predicate<Path> isDirectory)
            throws LaunchException {
        Map<Integer, Boolean> result = new HashMap<>();
        for (int i = 0; i < mounts.size(); i++) {
            Optional<BindSource> source = BindSource.of(mounts.get(i));
            if (source.isPresent()) {
                try {
                    result.put(i, source.get().isDirectory(isDirectory));
                } catch (KernelException e) {
                    throw refused("mounts:" + mounts.get(i).destination(), String.valueOf(e.getMessage()));
                }
            }
        }
        return result;
    }

    /// `<parent>/<id>` when the spec says so; only the parent is free to choose.
    private String parent(Linux linux) {
        @Nullable String path = linux.cgroupsPath();
        int slash = path == null ? -1 : path.lastIndexOf('/');
        return path == null || slash < 1 ? options.cgroupParent() : path.substring(0, slash);
    }

    private static LaunchException refused(String item, String message) {
        return new LaunchException(item, message, null, LaunchException.SETUP);
    }
}
