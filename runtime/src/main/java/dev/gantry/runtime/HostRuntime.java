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
import dev.gantry.oci.runtime.Seccomp;
import dev.gantry.runtime.cgroup.CgroupHost;
import dev.gantry.runtime.cgroup.CgroupParent;
import dev.gantry.runtime.cgroup.V1Cgroup;
import dev.gantry.runtime.explain.Explainer;
import dev.gantry.runtime.explain.Explanation;
import dev.gantry.runtime.explain.PlannedLaunch;
import dev.gantry.runtime.launch.ContainerCompiler;
import dev.gantry.runtime.launch.Host;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.launch.ProcessPlan;
import dev.gantry.runtime.launch.RefusedException;
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

    HostRuntime(Poller poller, RuntimeOptions options) throws IOException {
        this(poller, options, UnaryOperator.identity());
    }

    /// @param variant changes each container's plan before it is run: fault injection
    HostRuntime(Poller poller, RuntimeOptions options, UnaryOperator<LaunchPlan> variant) throws IOException {
        this.variant = variant;
        this.launcher = new Launcher(poller);
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
    public SafeDirectory mount(RootFileSystem root) throws KernelException {
        return SafeDirectory.of(
                switch (root) {
                    case RootFileSystem.Overlay(var lower, var upper, var work) -> Mounts.overlay(lower, upper, work);
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
        ProcessPlan processPlan = processPlan(process, launch.openStdin(), linux.seccomp());
        LaunchPlan plan = plan(planned(launch), processPlan);
        String parent = parent(linux);
        step = step.then("cgroups made and limited, descriptors opened");
        Belongings belongings = new Belongings(V1Cgroup.of(cgroups, parent, launch.id()), state(launch.id()));
        belongings.state().create(parent);
        try (Handover handover = new Handover()) {
            belongings.cgroup().create(linux.resources(), warnings);
            belongings.handCgroupTrees(plan, handover);
            hand(launch, belongings, handover);
            step.commit();
            StartedProcess started = run(
                    launch,
                    process,
                    plan,
                    belongings,
                    handover,
                    shim -> belongings
                            .state()
                            .write(new ContainerState.Started(
                                    shim, ownsPidNamespace(linux), process, processPlan.filter())));
            ContainerExecs.Container container =
                    new ContainerExecs.Container(launch.id(), started, belongings, launch.root(), processPlan.filter());
            return new StartedContainer(
                    container, new ContainerExecs(launcher, host, processes, container), ownsPidNamespace(linux));
        } catch (IOException | RuntimeException e) {
            belongings.remove(e);
            throw e;
        }
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
        return new Belongings(V1Cgroup.of(cgroups, parent, id), state);
    }

    private ContainerState state(String id) {
        return new ContainerState(options.stateRoot().resolve(id));
    }

    private static boolean ownsPidNamespace(Linux linux) {
        return linux.namespaces().stream().anyMatch(each -> each.type() == Namespace.Type.PID && each.path() == null);
    }

    private ProcessPlan processPlan(Process process, boolean openStdin, @Nullable Seccomp seccomp)
            throws LaunchException {
        try {
            return processes.plan(process, openStdin, seccomp);
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
        V1Cgroup cgroup = V1Cgroup.of(cgroups, parent, launch.id());
        Explainer explainer = new Explainer(launch, plan(launch), cgroup, options.stateRoot(), parent);
        return switch (root) {
            case RootFileSystem.Overlay(var lower, var upper, var work) -> explainer.onOverlay(lower, upper, work);
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
    LaunchPlan plan(PlannedLaunch launch) throws LaunchException {
        Process process = launch.spec().process();
        Linux linux = launch.spec().linux();
        if (process == null || linux == null) {
            throw refused("process", "the spec has no process or no \"linux\" part");
        }
        return plan(launch, processPlan(process, launch.openStdin(), linux.seccomp()));
    }

    private LaunchPlan plan(PlannedLaunch launch, ProcessPlan process) throws LaunchException {
        try {
            return variant.apply(ContainerCompiler.compile(new ContainerCompiler.Request(
                    launch.id(),
                    launch.spec(),
                    process,
                    launch.init(),
                    host,
                    bindSources(launch.spec().mounts(), launch.isDirectory()),
                    launch.origins())));
        } catch (RefusedException e) {
            throw refused(e.item(), String.valueOf(e.getMessage()));
        }
    }

    private StartedProcess run(
            ContainerLaunch launch,
            Process process,
            LaunchPlan plan,
            Belongings belongings,
            Handover handover,
            Launcher.Recorder recorder)
            throws IOException {
        return launcher.run(
                new Launcher.Request(
                        plan,
                        launch.id(),
                        process,
                        launch.openStdin(),
                        () -> handover.give(LaunchPlan.DEVPTS, StandardStreams.newDevpts()),
                        belongings.state().status(),
                        belongings::outOfMemory,
                        recorder),
                handover,
                failed -> new LaunchFailures(plan, process, launch.root()).of(failed));
    }

    private static void hand(ContainerLaunch launch, Belongings belongings, Handover handover) throws KernelException {
        belongings.handCgroups(handover);
        handover.show(LaunchPlan.ROOT, launch.root().descriptor());
        handNamespaces(launch, handover);
        handBinds(launch.spec().mounts(), handover);
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

    private static void handBinds(List<Mount> mounts, Handover handover) throws KernelException {
        for (int i = 0; i < mounts.size(); i++) {
            Mount mount = mounts.get(i);
            if (isBind(mount)) {
                handover.give(
                        LaunchPlan.bind(i),
                        Mounts.openTree(source(mount), mount.options().contains("rbind")));
            }
        }
    }

    /// For each bind mount whether its source is a directory.
    private static Map<Integer, Boolean> bindSources(List<Mount> mounts, Predicate<Path> isDirectory) {
        Map<Integer, Boolean> result = new HashMap<>();
        for (int i = 0; i < mounts.size(); i++) {
            if (isBind(mounts.get(i))) {
                result.put(i, isDirectory.test(source(mounts.get(i))));
            }
        }
        return result;
    }

    private static boolean isBind(Mount mount) {
        return "bind".equals(mount.type())
                || mount.options().contains("bind")
                || mount.options().contains("rbind");
    }

    private static Path source(Mount mount) {
        return Path.of(mount.source() == null ? "" : mount.source());
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
