package dev.gantry.engine.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.List;
import tools.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// A health check as asked for. Times in nanoseconds; zero is "the image's", then the
/// default.
///
/// @param test empty inherits, `NONE` disables, else `CMD …` or `CMD-SHELL command`
@JsonNaming(UpperCamelCaseStrategy.class)
@JsonInclude(Include.NON_DEFAULT)
public record Healthcheck(
        List<String> test, long interval, long timeout, long startPeriod, long startInterval, int retries) {
    public Healthcheck {
        test = Copies.list(test);
    }
}
