package dev.gantry.runtime.shim;

import dev.gantry.kernel.HostFiles;
import dev.gantry.kernel.Pidfd;
import dev.gantry.kernel.Spawn;
import dev.gantry.runtime.launch.LaunchPlan;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What a daemon needs to take back a shim that another one has started.
///
/// @param boot the ID of the boot in which it was started: process IDs of another one say nothing
/// @param shim its process ID
/// @param startTime of the shim, as [ProcessStatus#startTime]; 0 if it was gone before it was recorded
/// @param pid the process that it watches
/// @param startedAt when that was started
/// @param descriptors the numbers of what the shim keeps, by their names in the plan
public record ShimRecord(
        String boot, int shim, long startTime, int pid, Instant startedAt, Map<String, Integer> descriptors) {
    public ShimRecord {
        descriptors = Map.copyOf(descriptors);
    }

    /// What is recorded of a shim that runs a plan.
    ///
    /// @param shim its process ID
    /// @param process what it watches
    public static ShimRecord of(int shim, LaunchReports.Outcome.Running process, Instant startedAt, LaunchPlan plan)
            throws IOException {
        long startTime = ProcessStatus.of(shim).map(ProcessStatus::startTime).orElse(0L);
        Map<String, Integer> numbers = new HashMap<>();
        for (String name : LaunchPlan.KEPT) {
            int index = plan.descriptors().indexOf(name);
            if (index >= 0) {
                numbers.put(name, Spawn.FIRST_DESCRIPTOR + index);
            }
        }
        return new ShimRecord(HostFiles.bootId(), shim, startTime, process.pid(), startedAt, numbers);
    }

    public boolean fromThisBoot() {
        return boot.equals(HostFiles.bootId());
    }

    /// Whether the shim has not ended.
    public boolean isAlive() throws IOException {
        Optional<Pidfd> found = open();
        found.ifPresent(Pidfd::close);
        return found.isPresent();
    }

    /// The shim; empty if it has ended.
    Optional<Pidfd> open() throws IOException {
        Pidfd opened = Pidfd.find(shim).orElse(null);
        if (opened == null) {
            return Optional.empty();
        }
        // the descriptor came first: if the number is still the shim's, so is the descriptor
        boolean same = false;
        try {
            same = ProcessStatus.of(shim)
                            .filter(status -> status.startTime() == startTime && !status.isZombie())
                            .isPresent()
                    && !opened.hasEnded();
        } finally {
            if (!same) {
                opened.close();
            }
        }
        return same ? Optional.of(opened) : Optional.empty();
    }
}
