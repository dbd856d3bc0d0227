package dev.gantry.runtime;

import dev.gantry.kernel.Signal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How a process ended.
///
/// @param code its exit code, or 128 plus the number of the signal that killed it
/// @param outOfMemory whether the kernel killed a process of the container because of its memory limit
public record ExitStatus(int code, @Nullable Signal signal, Instant finishedAt, boolean outOfMemory) {}
