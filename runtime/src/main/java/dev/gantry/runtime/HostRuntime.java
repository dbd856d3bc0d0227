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
import dev.gantry.runtime.cgroup.CgroupHost;
import dev.gantry.runtime.cgroup.V1Cgroup;
import dev.gantry.runtime.launch.ContainerCompiler;
import dev.gantry.runtime.launch.Host;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.launch.ProcessPlan;
import dev.gantry.runtime.launch.RefusedException;
import dev.gantry.runtime.program.Architecture;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Starts containers with this host's kernel: cgroups, root file system and descriptors here, the rest in the
/// program.
final class HostRuntime implements ContainerRuntime {
    private final Poller poller;
    private final RuntimeOptions options;
    private final CgroupHost cgroups;
    private final Host host;
    private final ProcessPlans processes;

    HostRuntime(Poller poller, RuntimeOptions options) throws IOException {
        this.poller = poller;
        this.options = options;
        this.cgroups = CgroupHost.detect();
        HostCapabilities capabilities = HostCapabilities.read();
        List<Host.Hierarchy> hierarchies = cgroups.hierarchies().stream()
                .map(each -> new Host.Hierarchy(each.directory(), each.controllers()))
                .toList();
        this.host = new Host(Architecture.host(), capabilities.last(), hierarchies, cgroups.unified() != null);
        this.processes = new ProcessPlans(capabilities);
        Files.createDirectories(
                options.stateRoot(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
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
        if (linux.seccomp() != null) {
            throw refused("linux.seccomp", "seccomp filters are not supported yet: the spec must have none");
        }
        LaunchPlan plan = plan(launch, process);
        V1Cgroup cgroup = V1Cgroup.of(cgroups, parent(linux), launch.id());
        Path state = options.stateRoot().resolve(launch.id());
        Files.createDirectory(state);
        try (Handover handover = new Handover()) {
            cgroup.create(linux.resources(), options.warnings());
            return started(launch, plan, new Belongings(cgroup, state, poller), handover);
        } catch (IOException | RuntimeException e) {
            new Belongings(cgroup, state, poller).remove(e);
            throw e;
        }
    }

    private LaunchPlan plan(ContainerLaunch launch, Process process) throws LaunchException {
        try {
            ProcessPlan processPlan = processes.plan(process, launch.openStdin());
            return ContainerCompiler.compile(new ContainerCompiler.Request(
                    launch.id(),
                    launch.spec(),
                    processPlan,
                    launch.init(),
                    host,
                    bindSources(launch.spec().mounts()),
                    launch.origins()::of));
        } catch (RefusedException e) {
            throw refused(e.item(), String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw refused("process", String.valueOf(e.getMessage()));
        }
    }

    private RunningContainer started(ContainerLaunch launch, LaunchPlan plan, Belongings belongings, Handover handover)
            throws IOException {
        hand(belongings, handover);
        handNamespaces(launch, handover);
        handBinds(launch.spec().mounts(), handover);
        StartedContainer container = null;
        try {
            container = run(launch, plan, belongings, handover);
            return container;
        } finally {
            if (container == null) {
                handover.takeBack();
            }
        }
    }

    private StartedContainer run(ContainerLaunch launch, LaunchPlan plan, Belongings belongings, Handover handover)
            throws IOException {
        handover.show(LaunchPlan.ROOT, launch.root().descriptor());
        Shim shim = Shim.connect(poller, belongings.state().resolve("status"), handover);
        Process process = Objects.requireNonNull(launch.spec().process(), "checked by start");
        StandardStreams streams = StandardStreams.open(poller, process.terminal(), launch.openStdin(), handover);
        StartedContainer container = null;
        try {
            Instant startedAt = Instant.now();
            container = switch (shim.run(plan, launch.id(), handover)) {
                case Shim.Outcome.Running(int pid) ->
                    new StartedContainer(
                            new StartedProcess(pid, startedAt, shim, streams), launch.id(), belongings, launch.root());
                case Shim.Outcome.Failed(var failed) -> throw LaunchFailures.of(plan, process.args(), failed);
                case Shim.Outcome.Killed() ->
                    throw new LaunchException(
                            "start", "the process was killed while it was being made", null, LaunchException.SETUP);
            };
            return container;
        } finally {
            if (container == null) {
                abandon(shim);
                streams.close();
            }
        }
    }

    private static void abandon(Shim shim) throws IOException {
        try (shim) {
            shim.abandon();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while ending the supervisor of a failed start");
        }
    }

    private void hand(Belongings belongings, Handover handover) throws KernelException {
        V1Cgroup cgroup = belongings.cgroup();
        List<Path> joinFiles = cgroup.joinFiles();
        for (int i = 0; i < joinFiles.size(); i++) {
            handover.give(LaunchPlan.cgroup(i), HostFiles.open(joinFiles.get(i), OpenMode.WRITE));
        }
        Path unified = cgroup.unified();
        if (unified != null) {
            handover.give(LaunchPlan.UNIFIED, HostFiles.open(unified, OpenMode.READ, OpenMode.DIRECTORY));
        }
        handover.give(LaunchPlan.SHIM_CGROUP, HostFiles.open(cgroup.supervisorFile(), OpenMode.WRITE));
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
    private static Map<Integer, Boolean> bindSources(List<Mount> mounts) {
        Map<Integer, Boolean> result = new HashMap<>();
        for (int i = 0; i < mounts.size(); i++) {
            if (isBind(mounts.get(i))) {
                result.put(i, Files.isDirectory(source(mounts.get(i))));
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
