package dev.gantry.runtime.state;

import dev.gantry.kernel.HostFiles;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Mounts;
import dev.gantry.kernel.OpenMode;
import dev.gantry.kernel.Pidfd;
import dev.gantry.kernel.Signal;
import dev.gantry.runtime.cgroup.Cgroup;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.shim.Handover;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What exists on the host for one container, besides its main process's descriptors.
public final class Belongings {
    private final Cgroup cgroup;
    private final ContainerState state;
    private final Runnable afterCgroups;
    private volatile boolean outOfMemory;
    private final AtomicReference<@Nullable Runnable> afterRemoval = new AtomicReference<>();

    /// @param afterCgroups what is done once the cgroups are removed
    Belongings(Cgroup cgroup, ContainerState state, Runnable afterCgroups) {
        this.cgroup = cgroup;
        this.state = state;
        this.afterCgroups = afterCgroups;
    }

    public Cgroup cgroup() {
        return cgroup;
    }

    public ContainerState state() {
        return state;
    }

    /// Whether the kernel killed a process because of the memory limit; also after the cgroups are removed.
    public boolean outOfMemory() {
        if (!outOfMemory && cgroup.outOfMemoryKills() > 0) {
            outOfMemory = true;
        }
        return outOfMemory;
    }

    /// Opens what takes a process into the container's cgroups, and its shim into that of supervisors.
    public void handCgroups(Handover handover) throws KernelException {
        handCgroups(handover, cgroup.unified());
    }

    /// The same for a process that is executed in the container.
    ///
    /// @param main the container's main process
    public void handCgroupsOfExec(Handover handover, int main) throws IOException {
        handCgroups(handover, cgroup.unifiedOf(main));
    }

    private void handCgroups(Handover handover, @Nullable Path unified) throws KernelException {
        List<Path> joinFiles = cgroup.joinFiles();
        for (int i = 0; i < joinFiles.size(); i++) {
            handover.give(LaunchPlan.cgroup(i), HostFiles.open(joinFiles.get(i), OpenMode.WRITE));
        }
        if (unified != null) {
            handover.give(LaunchPlan.UNIFIED, HostFiles.open(unified, OpenMode.READ, OpenMode.DIRECTORY));
        }
        handover.give(LaunchPlan.SHIM_CGROUP, HostFiles.open(cgroup.supervisorFile(), OpenMode.WRITE));
    }

    /// Opens what a container in the host's cgroup namespace sees of its cgroups.
    public void handCgroupTrees(LaunchPlan plan, Handover handover) throws KernelException {
        List<Path> directories = cgroup.shown();
        for (int i = 0; i < directories.size(); i++) {
            if (plan.descriptors().contains(LaunchPlan.cgroupTree(i))) {
                handover.give(LaunchPlan.cgroupTree(i), Mounts.openTree(directories.get(i), false));
            }
        }
    }

    /// Kills every process of the container.
    public void kill() throws IOException {
        try {
            cgroup.kill(Belongings::kill);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /// Kills what is left, supervisors last, and removes everything. Idempotent.
    public void remove() throws IOException {
        kill();
        try {
            cgroup.killSupervisors(Belongings::kill);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        outOfMemory();
        cgroup.remove();
        afterCgroups.run();
        state.remove();
        Runnable last = afterRemoval.getAndSet(null);
        if (last != null) {
            last.run();
        }
    }

    /// Kills everything, supervisors first: a runtime among them makes no further process.
    public void killAll() throws IOException {
        try {
            cgroup.killSupervisors(Belongings::kill);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        kill();
    }

    /// What is done once everything is gone.
    public void whenRemoved(Runnable last) {
        afterRemoval.set(last);
    }

    /// Removes everything after a failure, which a second one must not hide.
    public void remove(Exception failure) {
        try {
            remove();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static void kill(int pid) {
        try {
            Pidfd.signal(pid, Signal.KILL);
        } catch (KernelException e) {
            throw new UncheckedIOException(e);
        }
    }
}
