package dev.gantry.engine.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/// The endpoints asked for in a create request, by network name.
public record NetworkingConfig(
        @JsonProperty("EndpointsConfig") Map<String, EndpointSettings> endpoints) {
    public NetworkingConfig {
        endpoints = Copies.map(endpoints);
    }
}
