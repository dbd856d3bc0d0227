package dev.gantry.oci.runtime;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The scheduling policy of a process, see sched_setattr(2).
///
/// @param policy the constant's name, such as `SCHED_BATCH`
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Scheduler(
        String policy,
        @Nullable Integer nice,
        @Nullable Integer priority,
        List<String> flags,
        @Nullable Long runtime,
        @Nullable Long deadline,
        @Nullable Long period) {
    public Scheduler {
        flags = Lists.of(flags);
    }
}
