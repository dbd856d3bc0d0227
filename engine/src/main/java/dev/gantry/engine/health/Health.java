package dev.gantry.engine.health;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The health of a container, by Docker's rules.
///
/// @param failingStreak the checks that have failed since one succeeded, or since they count
/// @param log the last results, oldest first
/// @param run when the run began that this is the health of; null if it is not known, or none did
public record Health(
        HealthStatus status,
        int failingStreak,
        List<HealthResult> log,
        @Nullable Instant run) {
    private static final int KEPT = 5;

    /// Before the first check.
    public static final Health UNKNOWN = new Health(HealthStatus.STARTING, 0, List.of(), null);

    public Health {
        // a file that is JSON need not be a health
        if (status == null) {
            throw new IllegalArgumentException("want a status");
        }
        log = List.copyOf(log);
    }

    /// After a start of the container.
    Health started(Instant when) {
        return new Health(HealthStatus.STARTING, 0, log, when);
    }

    /// Nobody checks any longer.
    Health stopped() {
        return new Health(HealthStatus.UNHEALTHY, failingStreak, log, run);
    }

    /// After another check.
    ///
    /// @param started when the container was
    Health after(HealthResult result, HealthPlan plan, Instant started) {
        List<HealthResult> all = new ArrayList<>(log);
        all.add(result);
        List<HealthResult> last = all.subList(Math.max(0, all.size() - KEPT), all.size());
        if (result.exitCode() == 0) {
            return new Health(HealthStatus.HEALTHY, 0, last, run);
        }
        boolean forgiven = status == HealthStatus.STARTING
                && Duration.between(started, result.start()).compareTo(plan.startPeriod()) < 0;
        int streak = forgiven ? failingStreak : failingStreak + 1;
        return new Health(streak >= plan.retries() ? HealthStatus.UNHEALTHY : status, streak, last, run);
    }
}
