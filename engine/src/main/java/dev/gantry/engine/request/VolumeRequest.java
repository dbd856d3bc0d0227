package dev.gantry.engine.request;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// What a volume is to be.
///
/// @param name null or empty for one that gets 64 hexadecimal digits
/// @param driver null or empty for `local`
/// @param driverOpts options of the driver
@JsonNaming(UpperCamelCaseStrategy.class)
public record VolumeRequest(
        @Nullable String name,
        @Nullable String driver,
        @Nullable Map<String, String> driverOpts,
        @Nullable Map<String, String> labels) {}
