package dev.gantry.engine.health;

import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.Healthcheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How a container's health is checked.
///
/// @param command the program and its arguments
/// @param interval from one check to the next
/// @param timeout of one check
/// @param startPeriod from the container's start; failures in it do not count until a check has succeeded
/// @param startInterval in place of the interval in that time
/// @param retries failures in a row that make a container unhealthy
public record HealthPlan(
        List<String> command,
        Duration interval,
        Duration timeout,
        Duration startPeriod,
        Duration startInterval,
        int retries) {
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration START_INTERVAL = Duration.ofSeconds(5);
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final int RETRIES = 3;
    private static final List<String> SHELL = List.of("/bin/sh", "-c");

    /// The plan of a container, with the defaults; empty if its health is not checked.
    public static Optional<HealthPlan> of(ContainerConfig config) {
        Healthcheck asked = config.healthcheck();
        if (asked == null) {
            return Optional.empty();
        }
        List<String> command = command(asked.test(), config.shell());
        return command.isEmpty()
                ? Optional.empty()
                : Optional.of(new HealthPlan(
                        command,
                        or(asked.interval(), INTERVAL),
                        or(asked.timeout(), TIMEOUT),
                        or(asked.startPeriod(), Duration.ZERO),
                        or(asked.startInterval(), START_INTERVAL),
                        asked.retries() > 0 ? asked.retries() : RETRIES));
    }

    /// Empty for `NONE`, and for what Docker knows as little.
    private static List<String> command(List<String> test, @Nullable List<String> shell) {
        String kind = test.isEmpty() ? "NONE" : test.getFirst();
        return switch (kind) {
            case "CMD" -> test.subList(1, test.size());
            case "CMD-SHELL" -> {
                List<String> words = new ArrayList<>(shell == null || shell.isEmpty() ? SHELL : shell);
                words.addAll(test.subList(1, test.size()));
                yield words;
            }
            default -> List.of();
        };
    }

    /// What an image has may make no sense.
    private static Duration or(long nanos, Duration usual) {
        return nanos < SHORTEST.toNanos() ? usual : Duration.ofNanos(nanos);
    }

    /// The time before the next check.
    ///
    /// @param ran how long the container has run
    public Duration pause(HealthStatus status, Duration ran) {
        return status == HealthStatus.STARTING && ran.compareTo(startPeriod) < 0 ? startInterval : interval;
    }
}
