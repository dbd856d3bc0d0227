package dev.gantry.engine.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthTest {
    private static final Instant STARTED = Instant.parse("2026-01-01T00:00:00Z");
    private static final HealthPlan PLAN = new HealthPlan(
            List.of("check"),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofSeconds(2),
            3);

    private static HealthResult result(int second, int exitCode) {
        Instant start = STARTED.plusSeconds(second);
        return new HealthResult(start, start.plusMillis(5), exitCode, "output " + second);
    }

    /// After checks at every tenth second from the twentieth on.
    private static Health after(Health before, int... codes) {
        Health health = before;
        for (int i = 0; i < codes.length; i++) {
            health = health.after(result(20 + 10 * i, codes[i]), PLAN, STARTED);
        }
        return health;
    }

    @Test
    void isHealthyAfterTheFirstSuccess() {
        assertThat(after(Health.UNKNOWN).status()).isEqualTo(HealthStatus.STARTING);
        assertThat(after(Health.UNKNOWN, 1, 0).status()).isEqualTo(HealthStatus.HEALTHY);
        assertThat(after(Health.UNKNOWN, 1, 0).failingStreak()).isZero();
    }

    @Test
    void isUnhealthyAfterSoManyFailuresInARow() {
        assertThat(after(Health.UNKNOWN, 1, 1).status()).isEqualTo(HealthStatus.STARTING);
        assertThat(after(Health.UNKNOWN, 1, 1, HealthResult.NONE).status()).isEqualTo(HealthStatus.UNHEALTHY);
        assertThat(after(Health.UNKNOWN, 0, 1, 1).status()).isEqualTo(HealthStatus.HEALTHY);
        assertThat(after(Health.UNKNOWN, 0, 1, 1, 0, 1, 1).status()).isEqualTo(HealthStatus.HEALTHY);
        assertThat(after(Health.UNKNOWN, 0, 1, 1, 1, 1).failingStreak()).isEqualTo(4);
    }

    @Test
    void forgivesFailuresInTheStartPeriodUntilTheFirstSuccess() {
        Health early = Health.UNKNOWN.after(result(9, 1), PLAN, STARTED);
        assertThat(early.failingStreak()).isZero();
        assertThat(early.log()).hasSize(1);
        assertThat(early.after(result(10, 1), PLAN, STARTED).failingStreak()).isEqualTo(1);
        Health well = Health.UNKNOWN.after(result(1, 0), PLAN, STARTED);
        assertThat(well.after(result(2, 1), PLAN, STARTED).failingStreak()).isEqualTo(1);
    }

    @Test
    void keepsTheLastFiveResults() {
        assertThat(after(Health.UNKNOWN, 0, 0, 0, 0, 0, 1, 0).log())
                .extracting(HealthResult::output)
                .containsExactly("output 40", "output 50", "output 60", "output 70", "output 80");
    }

    @Test
    void startsAnewWithTheContainer() {
        Health ended = after(Health.UNKNOWN, 0, 1).stopped();
        assertThat(ended.status()).isEqualTo(HealthStatus.UNHEALTHY);
        assertThat(ended.started(STARTED)).isEqualTo(new Health(HealthStatus.STARTING, 0, ended.log(), STARTED));
        assertThat(ended.log()).hasSize(2);
    }

    @Test
    void isCheckedMoreOftenInTheBeginning() {
        assertThat(PLAN.pause(HealthStatus.STARTING, Duration.ofSeconds(9))).isEqualTo(Duration.ofSeconds(2));
        assertThat(PLAN.pause(HealthStatus.STARTING, Duration.ofSeconds(10))).isEqualTo(Duration.ofSeconds(30));
        assertThat(PLAN.pause(HealthStatus.HEALTHY, Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(30));
    }
}
