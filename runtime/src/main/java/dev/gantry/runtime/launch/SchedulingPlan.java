package dev.gantry.runtime.launch;

import org.jspecify.annotations.Nullable;

/// How the kernel is to schedule a process and where it gives it memory, in the kernel's numbers. Whatever is null
/// stays as it is.
///
/// @param ioPriority as ioprio_set(2) takes it
/// @param personality as personality(2) takes it
/// @param initialCpus where an exec starts
/// @param finalCpus where it goes on once it is in its cgroups
public record SchedulingPlan(
        @Nullable Policy policy,
        @Nullable Integer ioPriority,
        @Nullable Long personality,
        @Nullable MemoryPolicy memory,
        @Nullable Mask initialCpus,
        @Nullable Mask finalCpus) {
    public static final SchedulingPlan NONE = new SchedulingPlan(null, null, null, null, null, null);

    /// What sched_setattr(2) takes.
    public record Policy(
            String name, long policy, long flags, long nice, long priority, long runtime, long deadline, long period) {}

    /// What set_mempolicy(2) takes.
    ///
    /// @param nodes null for none
    public record MemoryPolicy(
            String name, long mode, @Nullable Mask nodes) {}

    /// A set of numbers.
    ///
    /// @param text as a list: `0-3,7`
    /// @param bits number n at bit n, little-endian; a multiple of 8 bytes
    @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
    public record Mask(String text, byte[] bits) {}
}
