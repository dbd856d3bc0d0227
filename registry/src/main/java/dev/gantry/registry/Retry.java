package dev.gantry.registry;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// Tries again after failures that may pass, a bounded number of times, with growing pauses of random length: clients
/// that
/// were cut off together must not come back together.
final class Retry {
    /// How long to wait, and how often to try again.
    ///
    /// @param connect for a connection
    /// @param ping for the answer to the first request: a server that does not speak TLS may be silent for ever
    /// @param stall without a byte in either direction
    /// @param attempts in a row that come no further
    /// @param firstPause before the second attempt; each further one is twice as long, up to `longestPause`
    /// @param longestRetryAfter that is waited for when a registry asks for it
    record Limits(
            Duration connect,
            Duration ping,
            Duration stall,
            int attempts,
            Duration firstPause,
            Duration longestPause,
            Duration longestRetryAfter) {
        static final Limits DEFAULT = new Limits(
                Duration.ofSeconds(30),
                Duration.ofSeconds(15),
                Duration.ofSeconds(60),
                5,
                Duration.ofMillis(500),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30));
    }

    interface Attempt<T> {
        T run() throws IOException;
    }

    private final Limits limits;
    private int failures;

    Retry(Limits limits) {
        this.limits = limits;
    }

    static <T> T run(Limits limits, Attempt<T> attempt) throws IOException {
        Retry retry = new Retry(limits);
        while (true) {
            try {
                return attempt.run();
            } catch (RegistryException e) {
                retry.pauseAfter(e);
            }
        }
    }

    /// To be called when an attempt came further than the one before.
    void cameFurther() {
        failures = 0;
    }

    /// Waits until the next attempt may be made.
    ///
    /// @throws RegistryException the failure, if there must be no further attempt
    void pauseAfter(RegistryException failure) throws IOException {
        failures++;
        if (!failure.isTemporary() || failures >= limits.attempts()) {
            throw failure;
        }
        Duration pause = pause();
        if (failure instanceof RegistryException.TooManyRequests limited) {
            Duration told = limited.retryAfter();
            if (told != null && told.compareTo(limits.longestRetryAfter()) > 0) {
                throw failure;
            }
            pause = told != null && told.compareTo(pause) > 0 ? told : pause;
        }
        sleep(pause);
    }

    // "full jitter" over the upper half
    private Duration pause() {
        long longest = Math.min(
                limits.firstPause().toMillis() << Math.min(failures - 1, 20),
                limits.longestPause().toMillis());
        return Duration.ofMillis(longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1));
    }

    private static void sleep(Duration pause) throws InterruptedIOException {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }
}
