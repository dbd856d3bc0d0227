package dev.gantry.engine.state;

import java.time.Duration;

/// The time before a container is started again: doubled from one restart to the next, as in Docker. For one thread at
/// a
/// time.
public final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    /// Who has run that long has recovered.
    private static final Duration RECOVERED = Duration.ofSeconds(10);

    private Duration last = Duration.ZERO;

    /// The time before the next start.
    ///
    /// @param ran how long the run lasted that has ended
    public Duration after(Duration ran) {
        Duration doubled = last.multipliedBy(2);
        if (last.isZero() || ran.compareTo(RECOVERED) >= 0) {
            last = FIRST;
        } else {
            last = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        }
        return last;
    }

    /// What was before does not count any more.
    public void reset() {
        last = Duration.ZERO;
    }
}
