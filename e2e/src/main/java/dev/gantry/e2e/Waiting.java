package dev.gantry.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// Waiting for a condition instead of sleeping for a time.
public final class Waiting {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(10);
    /// How many times slower than usual this machine is: the property `e2e.slowness`.
    private static final int SLOWNESS = Integer.getInteger("e2e.slowness", 1);

    private Waiting() {}

    /// What has to be waited on this machine for something that usually takes less than `usual`.
    public static Duration patience(Duration usual) {
        return usual.multipliedBy(SLOWNESS);
    }

    /// Waits up to 30 seconds for `condition`; then fails with `problem`.
    public static void until(Callable<Boolean> condition, Supplier<String> problem) {
        until(PATIENCE, condition, problem);
    }

    /// Waits up to `patience` for `condition`; then fails with `problem`. An exception of the condition counts as no.
    public static void until(Duration patience, Callable<Boolean> condition, Supplier<String> problem) {
        Instant end = Instant.now().plus(patience(patience));
        while (!holds(condition)) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError(problem.get());
            }
            // a slow machine is not to be kept busy by those who wait for it
            LockSupport.parkNanos(patience(PAUSE).toNanos());
        }
    }

    private static boolean holds(Callable<Boolean> condition) {
        try {
            return condition.call();
        } catch (Exception _) {
            return false; // not yet: the deadline decides
        }
    }
}
