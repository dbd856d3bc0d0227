package dev.gantry.runtime;

import dev.gantry.kernel.Signal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How a process ended.
///
/// When a process's supervisor was killed, nobody knows how the process ended, or whether it has: the code is
/// [#UNKNOWN] and the signal null. What is left of the container is killed by [RunningContainer#delete].
///
/// @param code its exit code, or 128 plus the number of the signal that killed it
/// @param outOfMemory whether the kernel killed a process of the container because of its memory limit
public record ExitStatus(int code, @Nullable Signal signal, Instant finishedAt, boolean outOfMemory) {
    /// The code of a process whose status is lost: that of SIGKILL, which is what its container gets.
    public static final int UNKNOWN = 137;

    /// @param noticedAt when it was noticed that the status is lost
    static ExitStatus unknown(Instant noticedAt, boolean outOfMemory) {
        return new ExitStatus(UNKNOWN, null, noticedAt, outOfMemory);
    }
}
