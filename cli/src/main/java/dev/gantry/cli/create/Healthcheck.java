package dev.gantry.cli.create;

import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import java.util.List;
import java.util.Optional;

/// The `--health-*` flags.
final class Healthcheck {
    private static final List<String> FLAGS = List.of(
            "health-interval", "health-timeout", "health-retries", "health-start-period", "health-start-interval");

    private Healthcheck() {}

    static Optional<JsonValue> of(Arguments flags) {
        boolean given = !flags.text("health-cmd").isEmpty() || FLAGS.stream().anyMatch(flags::has);
        if (flags.isSet("no-healthcheck")) {
            if (given) {
                throw new IllegalArgumentException("--no-healthcheck conflicts with --health-* options");
            }
            return Optional.of(JsonValue.object().put("Test", List.of("NONE")).build());
        }
        if (!given) {
            return Optional.empty();
        }
        for (String flag : FLAGS) {
            boolean negative = flag.equals("health-retries")
                    ? flags.number(flag) < 0
                    : flags.duration(flag).isNegative();
            if (negative) {
                throw new IllegalArgumentException("--" + flag + " cannot be negative");
            }
        }
        JsonValue.Builder check = JsonValue.object();
        if (!flags.text("health-cmd").isEmpty()) {
            check.put("Test", List.of("CMD-SHELL", flags.text("health-cmd")));
        }
        return Optional.of(check.put(
                        "Interval", flags.duration("health-interval").toNanos())
                .put("Timeout", flags.duration("health-timeout").toNanos())
                .put("StartPeriod", flags.duration("health-start-period").toNanos())
                .put("StartInterval", flags.duration("health-start-interval").toNanos())
                .put("Retries", flags.number("health-retries"))
                .build());
    }
}
