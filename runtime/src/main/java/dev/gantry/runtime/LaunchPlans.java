package dev.gantry.runtime;

import dev.gantry.kernel.KernelException;
import dev.gantry.oci.runtime.Linux;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Process;
import dev.gantry.runtime.conformance.Support;
import dev.gantry.runtime.explain.PlannedLaunch;
import dev.gantry.runtime.idmap.IdMaps;
import dev.gantry.runtime.idmap.ProcessMaps;
import dev.gantry.runtime.launch.Host;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.launch.Links;
import dev.gantry.runtime.launch.ProcessPlan;
import dev.gantry.runtime.launch.RefusedException;
import dev.gantry.runtime.launch.compile.ContainerCompiler;
import dev.gantry.runtime.launch.compile.ExecCompiler;
import dev.gantry.runtime.mount.BindSource;
import dev.gantry.runtime.mount.BoundTerminals;
import dev.gantry.runtime.state.ContainerState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// The programs of containers, compiled for this host.
final class LaunchPlans {
    private final Host host;
    private final ProcessPlans processes;

    LaunchPlans(Host host, ProcessPlans processes) {
        this.host = host;
        this.processes = processes;
    }

    /// A container's program, and what was decided for it.
    ///
    /// @param maps of the container's user namespace
    /// @param terminals where its terminal is, if not in a devpts of its own
    record Planned(
            Process spec, ProcessPlan process, IdMaps maps, Optional<BoundTerminals> terminals, LaunchPlan program) {}

    /// Compiles a container.
    ///
    /// @param reaper who waits for its process
    /// @param ready the new namespaces that the daemon has made already
    /// @param links of the container's root
    /// @throws LaunchException if the spec asks for what cannot be done
    Planned plan(PlannedLaunch launch, ProcessPlan.Reaper reaper, Set<Namespace.Type> ready, Links links)
            throws IOException {
        Process process = launch.spec().process();
        Linux linux = launch.spec().linux();
        if (process == null || linux == null) {
            throw refused("process", "the spec has no process or no \"linux\" part");
        }
        ProcessPlan processPlan =
                processPlan(process, launch.openStdin(), linux).reapedBy(reaper);
        IdMaps maps = maps(linux);
        Optional<BoundTerminals> terminals =
                process.terminal() ? BoundTerminals.among(launch.spec().mounts()) : Optional.empty();
        try {
            Support.check(launch.spec());
            LaunchPlan program = ContainerCompiler.compile(new ContainerCompiler.Request(
                    launch.id(),
                    launch.spec(),
                    processPlan,
                    launch.init(),
                    host,
                    bindSources(launch.spec().mounts(), launch.isDirectory()),
                    terminals.isPresent(),
                    maps,
                    ready,
                    HostNamespaces.among(linux.namespaces()),
                    links,
                    launch.origins()));
            return new Planned(process, processPlan, maps, terminals, program);
        } catch (RefusedException e) {
            throw refused(e.item(), String.valueOf(e.getMessage()));
        }
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

    /// Compiles what is executed in a container and left to the caller.
    ///
    /// @param preserved as [ProcessPlan.Reaper.Caller#preserved]
    LaunchPlan execution(String id, Process process, int preserved, ContainerState.Kept kept) throws LaunchException {
        try {
            ProcessPlan plan = processes.plan(
                    new ExecLaunch(process, true, false),
                    kept.filter(),
                    kept.namespaces().user());
            return ExecCompiler.compile(new ExecCompiler.Request(
                    id,
                    plan.reapedBy(new ProcessPlan.Reaper.Caller(preserved)),
                    host,
                    kept.namespaces(),
                    UnaryOperator.identity()));
        } catch (RefusedException e) {
            throw refused(e.item(), String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw refused("process", String.valueOf(e.getMessage()));
        }
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

    private static LaunchException refused(String item, String message) {
        return new LaunchException(item, message, null, LaunchException.SETUP);
    }
}
