package dev.gantry.runtime.shim;

import dev.gantry.kernel.Spawn;
import dev.gantry.runtime.launch.LaunchPlan;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/// What a daemon needs to take back a shim that another one has started.
///
/// @param identity of its process
/// @param pid the process that it watches; 0 before that is known
/// @param startedAt when that was started
/// @param descriptors the numbers of what the shim keeps, and of its status file, by their names in the plan
public record ShimRecord(ProcessIdentity identity, int pid, Instant startedAt, Map<String, Integer> descriptors) {
    public ShimRecord {
        // a file that is JSON need not be a record
        if (identity == null || startedAt == null) {
            throw new IllegalArgumentException("want identity and startedAt");
        }
        descriptors = Map.copyOf(descriptors);
    }

    /// What is recorded of a shim that runs a plan.
    ///
    /// @param shim its process ID
    public static ShimRecord of(int shim, Instant startedAt, LaunchPlan plan) throws IOException {
        Map<String, Integer> numbers = new HashMap<>();
        for (String name : LaunchPlan.KEPT) {
            number(plan, name).ifPresent(number -> numbers.put(name, number));
        }
        number(plan, LaunchPlan.STATUS).ifPresent(number -> numbers.put(LaunchPlan.STATUS, number));
        return new ShimRecord(ProcessIdentity.of(shim), 0, startedAt, numbers);
    }

    /// The number by which the shim has a descriptor; empty if it does not get it.
    static OptionalInt number(LaunchPlan plan, String name) {
        int index = plan.descriptors().indexOf(name);
        return index < 0 ? OptionalInt.empty() : OptionalInt.of(Spawn.FIRST_DESCRIPTOR + index);
    }

    /// The same shim, once it is known what it watches.
    public ShimRecord watching(int process) {
        return new ShimRecord(identity, process, startedAt, descriptors);
    }
}
