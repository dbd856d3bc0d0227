package dev.gantry.registry;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// Tries again after failures that may pass, a bounded number of times, with growing pauses of random length: clients
/// that
/// were cut off together must not come back together.
final class Retry {
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
