package dev.gantry.oci.runtime;

import com.fasterxml.jackson.annotation.JsonProperty;

/// A range of user or group IDs, as in user_namespaces(7).
public record IdMapping(
        @JsonProperty("containerID") long containerId,
        @JsonProperty("hostID") long hostId,
        @JsonProperty("size") long size) {}
