package dev.gantry.runtime.shim;

import dev.gantry.kernel.Pidfd;
import dev.gantry.kernel.Signal;
import dev.gantry.runtime.cgroup.Cgroup;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// Shims of execs that were being made in a container when their daemon was killed: nobody has a record of them,
/// and nobody was told that they run.
public final class Strays {
    private static final System.Logger LOGGER = System.getLogger(Strays.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long PAUSE_NANOS = 500_000;

    private final Cgroup cgroup;

    public Strays(Cgroup cgroup) {
        this.cgroup = cgroup;
    }

    /// Ends them, with what they have made.
    ///
    /// @param known the shims that are not meant
    public void end(Set<Integer> known) throws IOException {
        Set<Integer> strays = new LinkedHashSet<>(cgroup.supervisors());
        strays.removeAll(known);
        List<Integer> inOrder = new ArrayList<>();
        for (int stray : strays) {
            int parent = ProcessStatus.of(stray).map(ProcessStatus::parent).orElse(0);
            // another runtime goes before its shim: what it has made is found by its parent
            inOrder.add(strays.contains(parent) ? 0 : inOrder.size(), stray);
        }
        for (int stray : inOrder) {
            LOGGER.log(
                    System.Logger.Level.INFO, "supervisor {0} of a half-made exec is ended", Integer.toString(stray));
            end(stray);
        }
    }

    /// The shim is stopped first, so that it makes no other process, and killed last: what it has made is found
    /// by its parent.
    public void end(int shim) throws IOException {
        Pidfd.signal(shim, Signal.STOP);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (List<Integer> children = children(shim); !children.isEmpty(); children = children(shim)) {
            for (int each : children) {
                Pidfd.signal(each, Signal.KILL);
            }
            if (cgroup.isFrozen() || System.nanoTime() > deadline) {
                break; // a frozen process dies when it is thawed
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        Pidfd.signal(shim, Signal.KILL);
    }

    private List<Integer> children(int shim) throws IOException {
        List<Integer> candidates = new ArrayList<>(cgroup.processes());
        candidates.addAll(cgroup.supervisors());
        List<Integer> children = new ArrayList<>();
        for (int each : candidates) {
            if (ProcessStatus.of(each)
                    .filter(status -> status.parent() == shim && !status.isZombie())
                    .isPresent()) {
                children.add(each);
            }
        }
        return children;
    }
}
