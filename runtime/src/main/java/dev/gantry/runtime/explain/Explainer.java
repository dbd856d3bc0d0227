package dev.gantry.runtime.explain;

import dev.gantry.oci.runtime.Linux;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Process;
import dev.gantry.runtime.cgroup.V1Cgroup;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.program.Architecture;
import dev.gantry.runtime.program.encode.Assembler;
import dev.gantry.runtime.program.render.RenderedCall;
import dev.gantry.runtime.program.render.Rendering;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Prints a start before it happens: the daemon's part from the values that it works with, the rest from the program.
public final class Explainer {
    private final PlannedLaunch launch;
    private final LaunchPlan plan;
    private final V1Cgroup cgroup;
    private final Path state;
    private final String cgroupParent;
    private final DaemonCalls daemon = new DaemonCalls();

    /// @param stateRoot where the directory of its state would be made
    /// @param cgroupParent the parent of its cgroups, as it would be recorded there
    public Explainer(PlannedLaunch launch, LaunchPlan plan, V1Cgroup cgroup, Path stateRoot, String cgroupParent) {
        this.launch = launch;
        this.plan = plan;
        this.cgroup = cgroup;
        this.cgroupParent = cgroupParent;
        this.state = stateRoot.resolve(launch.id());
    }

    /// The explanation, with an overlay as the root file system.
    public Explanation onOverlay(List<Path> lowerTopFirst, Path upper, Path work) {
        daemon.overlay(lowerTopFirst, upper, work);
        return explanation();
    }

    /// The explanation, with a directory of the host as the root file system.
    public Explanation onDirectory(Path root) {
        daemon.directory(root);
        return explanation();
    }

    private Explanation explanation() {
        daemonsPart();
        List<Explanation.Step> steps = new ArrayList<>();
        daemon.calls().forEach(each -> steps.add(step(each)));
        Rendering.of(plan.program(), plan.descriptors()).forEach(each -> steps.add(step(each)));
        return new Explanation(steps);
    }

    private void daemonsPart() {
        daemon.state(state, cgroupParent);
        Linux linux = launch.spec().linux();
        daemon.cgroups(cgroup.ownDirectories(), cgroup.limits(linux == null ? null : linux.resources()));
        List<Path> directories = cgroup.joined();
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
        Process process = launch.spec().process();
        if (process != null && process.terminal()) {
            daemon.terminal(process.consoleSize());
        } else {
            daemon.pipes(launch.openStdin());
        }
        byte[] executable = Assembler.assemble(plan.program(), Architecture.host());
        daemon.start(launch.id(), executable.length, plan.descriptors());
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
            Mount mount = mounts.get(i);
            // the plan knows which mounts are bind mounts: it expects their sources
            if (plan.descriptors().contains(LaunchPlan.bind(i))) {
                Path source = Path.of(mount.source() == null ? "" : mount.source());
                daemon.bind(i, source, mount.options().contains("rbind"), mount.destination());
            }
        }
    }

    private Explanation.Step step(HostCall each) {
        return new Explanation.Step(
                "daemon",
                each.call(),
                each.arguments(),
                each.result(),
                List.of(),
                each.words(),
                launch.origins().apply(each.item()));
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
