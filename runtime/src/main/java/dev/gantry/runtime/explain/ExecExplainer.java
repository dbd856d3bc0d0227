package dev.gantry.runtime.explain;

import dev.gantry.kernel.Memfd;
import dev.gantry.runtime.cgroup.Cgroup;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.program.Architecture;
import dev.gantry.runtime.program.encode.Assembler;
import java.io.IOException;
import java.nio.file.Path;

/// Prints the start of a process in a running container before it happens.
public final class ExecExplainer {
    private static final String TIME = "time";

    private ExecExplainer() {}

    /// The explanation.
    ///
    /// @param cgroup the container's
    public static Explanation explain(PlannedExec exec, LaunchPlan plan, Cgroup cgroup) throws IOException {
        DaemonCalls daemon = new DaemonCalls();
        daemon.joining(cgroup, cgroup.unifiedOf(exec.main()));
        if (plan.descriptors().contains(LaunchPlan.namespace(TIME))) {
            daemon.namespace(TIME, Path.of("/proc", Integer.toString(exec.main()), "ns", TIME));
        }
        daemon.shim(exec.statusFile());
        if (exec.process().terminal()) {
            daemon.terminalOfContainer(exec.process().consoleSize());
        } else {
            daemon.pipes(exec.openStdin());
        }
        byte[] executable = Assembler.assemble(plan.program(), Architecture.host());
        daemon.start(exec.container(), executable.length, Memfd.marksExecutables(), plan.descriptors());
        return Explainer.explanation(daemon.calls(), plan, exec.origins());
    }
}
