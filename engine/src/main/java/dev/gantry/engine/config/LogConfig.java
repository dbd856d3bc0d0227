package dev.gantry.engine.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/// Where a container's output is kept: a driver and its options.
///
/// @param type empty is the daemon's default, `json-file`
public record LogConfig(
        @JsonProperty("Type") String type,
        @JsonProperty("Config") Map<String, String> config) {
    /// The daemon's default.
    public static final LogConfig DEFAULT = new LogConfig("", Map.of());

    public LogConfig {
        type = Copies.text(type);
        config = Copies.map(config);
    }
}
