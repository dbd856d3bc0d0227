package dev.gantry.runtime.explain;

import dev.gantry.kernel.Memfd;
import dev.gantry.kernel.Mounts;
import dev.gantry.oci.runtime.Hooks;
import dev.gantry.oci.runtime.Linux;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Resources;
import dev.gantry.runtime.cgroup.Cgroup;
import dev.gantry.runtime.idmap.IdMaps;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.mount.BindSource;
import dev.gantry.runtime.mount.BoundTerminals;
import dev.gantry.runtime.program.Architecture;
import dev.gantry.runtime.program.encode.Assembler;
import dev.gantry.runtime.program.render.RenderedCall;
import dev.gantry.runtime.program.render.Rendering;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/// Prints a start before it happens: the daemon's part from the values that it works with, the rest from the
/// program.
public final class Explainer {
    private final PlannedLaunch launch;
    private final LaunchPlan plan;
    private final Cgroup cgroup;
    private final Path state;
    private final String cgroupParent;
    private final DaemonCalls daemon = new DaemonCalls();

    /// @param stateRoot where the directory of its state would be made
    /// @param cgroupParent the parent of its cgroups, as it would be recorded there
    public Explainer(PlannedLaunch launch, LaunchPlan plan, Cgroup cgroup, Path stateRoot, String cgroupParent) {
        this.launch = launch;
        this.plan = plan;
        this.cgroup = cgroup;
        this.cgroupParent = cgroupParent;
        this.state = stateRoot.resolve(launch.id());
    }

    /// The explanation, with an overlay as the root file system.
    public Explanation onOverlay(List<Path> lowerTopFirst, Path upper, Path work) throws IOException {
        daemon.overlay(lowerTopFirst, upper, work, Mounts.namesLayersOneByOne());
        return explanation();
    }

    /// The explanation, with an overlay as the root file system whose files have other owners.
    public Explanation onMappedOverlay(List<Path> lowerTopFirst, Path upper, Path work) throws IOException {
        daemon.mappedOverlay(lowerTopFirst, upper, work, Mounts.namesLayersOneByOne());
        return explanation();
    }

    /// The explanation, with a directory of the host as the root file system.
    public Explanation onDirectory(Path root) throws IOException {
        daemon.directory(root);
        return explanation();
    }

    private Explanation explanation() throws IOException {
        daemonsPart();
        return explanation(daemon.calls(), plan, launch.origins());
    }

    /// The daemon's calls, and then the program's.
    static Explanation explanation(List<HostCall> calls, LaunchPlan plan, UnaryOperator<String> origins) {
        List<Explanation.Step> steps = new ArrayList<>();
        calls.forEach(each -> steps.add(step(each, origins)));
        Rendering.of(plan.program(), plan.descriptors()).forEach(each -> steps.add(step(each)));
        return new Explanation(steps);
    }

    private void daemonsPart() throws IOException {
        daemon.state(state, cgroupParent);
        Linux linux = launch.spec().linux();
        Resources resources = linux == null ? null : linux.resources();
        daemon.cgroups(cgroup.ownDirectories());
        byte[] filter = cgroup.deviceFilter(resources);
        if (filter.length > 0) {
            daemon.deviceFilter(cgroup, filter.length);
        }
        daemon.limits(cgroup.limits(resources));
        List<Path> directories = cgroup.shown();
        for (int i = 0; i < directories.size(); i++) {
            if (plan.descriptors().contains(LaunchPlan.cgroupTree(i))) {
                daemon.cgroupTree(i, directories.get(i));
            }
        }
        daemon.joining(cgroup);
        if (linux != null) {
            namespaces(linux);
        }
        binds(launch.spec().mounts());
        daemon.shim(state.resolve("status"));
        if (plan.descriptors().contains(LaunchPlan.GO)) {
            daemon.go();
        }
        if (plan.descriptors().contains(LaunchPlan.CREATE_STATE)) {
            daemon.hookState(state.resolve("create-state"), LaunchPlan.CREATE_STATE);
        }
        if (plan.descriptors().contains(LaunchPlan.START_STATE)) {
            daemon.hookState(state.resolve("start-state"), LaunchPlan.START_STATE);
        }
        Process process = launch.spec().process();
        if (process != null && process.terminal()) {
            BoundTerminals.among(launch.spec().mounts())
                    .ifPresentOrElse(
                            bound -> daemon.terminalOf(bound, process.consoleSize()),
                            () -> daemon.terminal(process.consoleSize(), linux == null ? IdMaps.NONE : maps(linux)));
        } else {
            daemon.pipes(launch.openStdin());
        }
        byte[] executable = Assembler.assemble(plan.program(), Architecture.host());
        daemon.start(launch.id(), executable.length, Memfd.marksExecutables(), plan.descriptors());
        if (linux != null && plan.descriptors().contains(LaunchPlan.GO)) {
            outside(linux);
        }
    }

    private static IdMaps maps(Linux linux) {
        return new IdMaps(linux.uidMappings(), linux.gidMappings());
    }

    /// What the daemon does while the program waits.
    private void outside(Linux linux) {
        if (!maps(linux).isEmpty()) {
            daemon.write("write the ID maps", "linux.uidMappings", "uid_map", IdMaps.text(linux.uidMappings()));
            daemon.write("write the ID maps", "linux.gidMappings", "gid_map", IdMaps.text(linux.gidMappings()));
        }
        linux.timeOffsets()
                .forEach((clock, offset) -> daemon.write(
                        "set the clocks",
                        "linux.timeOffsets",
                        "timens_offsets",
                        clock + " " + offset.secs() + " " + offset.nanosecs() + "\n"));
        Process process = launch.spec().process();
        if (process != null && process.oomScoreAdj() != null && !maps(linux).isEmpty()) {
            String score = process.oomScoreAdj().toString();
            daemon.write("set the OOM score to " + score, "process.oomScoreAdj", "oom_score_adj", score);
        }
        Hooks hooks = launch.spec().hooks();
        if (hooks != null) {
            hooks.prestart().forEach(hook -> daemon.hook("prestart", hook));
            hooks.createRuntime().forEach(hook -> daemon.hook("createRuntime", hook));
        }
    }

    private void namespaces(Linux linux) {
        for (Namespace each : linux.namespaces()) {
            if (each.path() != null) {
                daemon.namespace(each.type().name().toLowerCase(Locale.ROOT), Path.of(each.path()));
            }
        }
    }

    private void binds(List<Mount> mounts) {
        for (int i = 0; i < mounts.size(); i++) {
            int index = i;
            Mount mount = mounts.get(i);
            BindSource.of(mount)
                    .ifPresent(source -> daemon.bind(index, source.path(), source.isRecursive(), mount.destination()));
            if (mount.options().contains("idmap")
                    || mount.options().contains("ridmap")
                    || !mount.uidMappings().isEmpty()) {
                daemon.mapIds(LaunchPlan.bind(i), mount.options().contains("ridmap"));
            }
            if (plan.descriptors().contains(LaunchPlan.filled(i))) {
                daemon.filled(i, mount);
            }
        }
    }

    private static Explanation.Step step(HostCall each, UnaryOperator<String> origins) {
        return new Explanation.Step(
                "daemon",
                each.call(),
                each.arguments(),
                each.result(),
                List.of(),
                each.words(),
                origins.apply(each.item()));
    }

    private static Explanation.Step step(RenderedCall each) {
        var step = each.call().step();
        return new Explanation.Step(
                step.role().name().toLowerCase(Locale.ROOT),
                each.call().syscall().text(),
                each.arguments(),
                each.result(),
                each.conditions(),
                step.words(),
                step.why());
    }
}
