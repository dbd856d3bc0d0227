package dev.gantry.runtime.launch.compile;

import static dev.gantry.runtime.launch.compile.Emitter.ZERO;
import static dev.gantry.runtime.launch.compile.Emitter.value;

import dev.gantry.runtime.launch.SchedulingPlan;
import dev.gantry.runtime.launch.SchedulingPlan.Mask;
import dev.gantry.runtime.launch.SchedulingPlan.MemoryPolicy;
import dev.gantry.runtime.launch.SchedulingPlan.Policy;
import dev.gantry.runtime.program.StructType;
import dev.gantry.runtime.program.Syscall;
import org.jspecify.annotations.Nullable;

/// Scheduling, priorities, CPUs, memory policy and personality: set while the process is still privileged, after it has
/// joined its cgroups, which would take CPUs and nodes back.
final class SchedulingSteps {
    private final Emitter e;
    private final SchedulingPlan plan;

    SchedulingSteps(Emitter e, SchedulingPlan plan) {
        this.e = e;
        this.plan = plan;
    }

    /// Before the cgroups are joined.
    void initialCpus() {
        affinity(plan.initialCpus(), "initial");
    }

    void all() {
        affinity(plan.finalCpus(), "final");
        MemoryPolicy memory = plan.memory();
        if (memory != null) {
            memory(memory);
        }
        Policy policy = plan.policy();
        if (policy != null) {
            policy(policy);
        }
        Integer ioPriority = plan.ioPriority();
        if (ioPriority != null) {
            e.step("set the I/O priority", "process.ioPriority");
            e.b.call(Syscall.IOPRIO_SET, value(Uapi.IOPRIO_WHO_PROCESS), ZERO, value(ioPriority));
        }
        Long personality = plan.personality();
        if (personality != null) {
            e.step("set the personality", "linux.personality");
            e.b.call(Syscall.PERSONALITY, value(personality));
        }
    }

    private void affinity(@Nullable Mask cpus, String which) {
        if (cpus != null) {
            e.step("run on CPUs " + cpus.text(), "process.execCPUAffinity." + which);
            e.b.call(Syscall.SCHED_SETAFFINITY, ZERO, value(cpus.bits().length), e.b.bytes(cpus.bits()));
        }
    }

    private void memory(MemoryPolicy memory) {
        e.step("set the memory policy " + memory.name(), "linux.memoryPolicy");
        Mask nodes = memory.nodes();
        if (nodes == null) {
            e.b.call(Syscall.SET_MEMPOLICY, value(memory.mode()), ZERO, ZERO);
        } else {
            // the kernel looks at one bit less than it is told, set_mempolicy(2)
            long bits = nodes.bits().length * (long) Byte.SIZE + 1;
            e.b.call(Syscall.SET_MEMPOLICY, value(memory.mode()), e.b.bytes(nodes.bits()), value(bits));
        }
    }

    private void policy(Policy policy) {
        e.step("set the scheduling policy " + policy.name(), "process.scheduler");
        e.b.call(
                Syscall.SCHED_SETATTR,
                ZERO,
                e.b.struct(
                        StructType.SCHED_ATTR,
                        value(StructType.SCHED_ATTR.size()),
                        value(policy.policy()),
                        value(policy.flags()),
                        value(policy.nice()),
                        value(policy.priority()),
                        value(policy.runtime()),
                        value(policy.deadline()),
                        value(policy.period())),
                ZERO);
    }
}
