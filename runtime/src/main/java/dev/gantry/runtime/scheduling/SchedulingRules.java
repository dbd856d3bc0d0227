package dev.gantry.runtime.scheduling;

import dev.gantry.oci.runtime.IoPriority;
import dev.gantry.oci.runtime.Linux;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Scheduler;
import dev.gantry.runtime.launch.RefusedException;
import dev.gantry.runtime.launch.SchedulingPlan;
import dev.gantry.runtime.launch.SchedulingPlan.Mask;
import dev.gantry.runtime.launch.SchedulingPlan.MemoryPolicy;
import dev.gantry.runtime.launch.SchedulingPlan.Policy;
import dev.gantry.runtime.refusal.UnsupportedItem;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Translates what a specification says of scheduling. What the kernel would misunderstand is refused by its name.
public final class SchedulingRules {
    private static final String SCHEDULER = "process.scheduler";
    private static final String IO_PRIORITY = "process.ioPriority";
    private static final String MEMORY = "linux.memoryPolicy";

    // linux/sched.h
    private static final Map<String, Long> POLICIES = Map.of(
            "SCHED_OTHER", 0L,
            "SCHED_FIFO", 1L,
            "SCHED_RR", 2L,
            "SCHED_BATCH", 3L,
            "SCHED_ISO", 4L,
            "SCHED_IDLE", 5L,
            "SCHED_DEADLINE", 6L);

    private static final Map<String, Long> FLAGS = Map.of(
            "SCHED_FLAG_RESET_ON_FORK", 0x01L,
            "SCHED_FLAG_RECLAIM", 0x02L,
            "SCHED_FLAG_DL_OVERRUN", 0x04L,
            "SCHED_FLAG_KEEP_POLICY", 0x08L,
            "SCHED_FLAG_KEEP_PARAMS", 0x10L,
            "SCHED_FLAG_UTIL_CLAMP_MIN", 0x20L,
            "SCHED_FLAG_UTIL_CLAMP_MAX", 0x40L);

    // linux/ioprio.h
    private static final List<String> IO_CLASSES =
            List.of("IOPRIO_CLASS_NONE", "IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE");
    private static final int IO_CLASS_SHIFT = 13;
    private static final int IO_PRIORITIES = 8;

    // linux/personality.h
    private static final Map<String, Long> DOMAINS = Map.of("LINUX", 0L, "LINUX32", 8L);

    // linux/mempolicy.h
    private static final List<String> MEMORY_MODES = List.of(
            "MPOL_DEFAULT",
            "MPOL_PREFERRED",
            "MPOL_BIND",
            "MPOL_INTERLEAVE",
            "MPOL_LOCAL",
            "MPOL_PREFERRED_MANY",
            "MPOL_WEIGHTED_INTERLEAVE");
    private static final Map<String, Long> MEMORY_FLAGS = Map.of(
            "MPOL_F_NUMA_BALANCING", 1L << 13,
            "MPOL_F_RELATIVE_NODES", 1L << 14,
            "MPOL_F_STATIC_NODES", 1L << 15);

    private SchedulingRules() {}

    /// What a container's process gets.
    public static SchedulingPlan ofContainer(Process process, @Nullable Linux linux) throws RefusedException {
        // where an exec runs says nothing of the container's own process
        SchedulingPlan plan = ofExec(process);
        return new SchedulingPlan(
                plan.policy(),
                plan.ioPriority(),
                linux == null ? null : personality(linux.personality()),
                linux == null ? null : memory(linux.memoryPolicy()),
                null,
                null);
    }

    /// What a process gets that is executed in a container.
    public static SchedulingPlan ofExec(Process process) throws RefusedException {
        Process.CpuAffinity cpus = process.execCpuAffinity();
        return new SchedulingPlan(
                policy(process.scheduler()),
                ioPriority(process.ioPriority()),
                null,
                null,
                cpus == null ? null : cpus("initial", cpus.initial()),
                cpus == null ? null : cpus("final", cpus.last()));
    }

    private static @Nullable Mask cpus(String which, @Nullable String list) throws RefusedException {
        return list == null || list.isEmpty() ? null : NumberLists.parse("process.execCPUAffinity." + which, list);
    }

    private static @Nullable Policy policy(@Nullable Scheduler asked) throws RefusedException {
        if (asked == null) {
            return null;
        }
        long policy = known(SCHEDULER, POLICIES, asked.policy());
        long flags = 0;
        for (String flag : asked.flags()) {
            flags |= known(SCHEDULER, FLAGS, flag);
        }
        if (asked.policy().equals("SCHED_ISO")) {
            throw new RefusedException(SCHEDULER, UnsupportedItem.SCHED_ISO);
        } else if (asked.flags().stream().anyMatch(flag -> flag.startsWith("SCHED_FLAG_UTIL_CLAMP"))) {
            throw new RefusedException(SCHEDULER, UnsupportedItem.UTILISATION_CLAMPS, asked.flags());
        }
        return new Policy(
                asked.policy(),
                policy,
                flags,
                asked.nice() == null ? 0 : asked.nice(),
                asked.priority() == null ? 0 : asked.priority(),
                orZero(asked.runtime()),
                orZero(asked.deadline()),
                orZero(asked.period()));
    }

    private static long orZero(@Nullable Long value) {
        return value == null ? 0 : value;
    }

    private static @Nullable Integer ioPriority(@Nullable IoPriority asked) throws RefusedException {
        if (asked == null) {
            return null;
        }
        int level = IO_CLASSES.indexOf(asked.level());
        if (level < 1) {
            throw new RefusedException(IO_PRIORITY, "I/O priority class \"" + asked.level() + "\" is unknown");
        } else if (asked.priority() < 0 || asked.priority() >= IO_PRIORITIES) {
            throw new RefusedException(IO_PRIORITY, "I/O priority: got " + asked.priority() + ", want 0 to 7");
        }
        return level << IO_CLASS_SHIFT | asked.priority();
    }

    private static @Nullable Long personality(Linux.@Nullable Personality asked) throws RefusedException {
        if (asked == null) {
            return null;
        } else if (!asked.flags().isEmpty()) {
            throw new RefusedException("linux.personality.flags", UnsupportedItem.PERSONALITY_FLAGS, asked.flags());
        }
        return asked.domain() == null ? 0L : known("linux.personality", DOMAINS, asked.domain());
    }

    private static @Nullable MemoryPolicy memory(Linux.@Nullable MemoryPolicy asked) throws RefusedException {
        if (asked == null) {
            return null;
        }
        long mode = MEMORY_MODES.indexOf(String.valueOf(asked.mode()));
        if (mode < 0) {
            throw new RefusedException(MEMORY, "memory policy \"" + asked.mode() + "\" is unknown");
        }
        for (String flag : asked.flags()) {
            mode |= known(MEMORY, MEMORY_FLAGS, flag);
        }
        String nodes = asked.nodes();
        return new MemoryPolicy(
                String.valueOf(asked.mode()),
                mode,
                nodes == null || nodes.isEmpty() ? null : NumberLists.parse(MEMORY + ".nodes", nodes));
    }

    private static long known(String item, Map<String, Long> names, String name) throws RefusedException {
        Long number = names.get(name);
        if (number == null) {
            throw new RefusedException(item, item + ": \"" + name + "\" is unknown");
        }
        return number;
    }
}
