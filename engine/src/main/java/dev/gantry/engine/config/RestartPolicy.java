package dev.gantry.engine.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/// When a container is to be started again; recorded, not yet acted upon.
///
/// @param name `no`, `always`, `unless-stopped` or `on-failure`; empty is `no`
/// @param maximumRetryCount with `on-failure` only
public record RestartPolicy(
        @JsonProperty("Name") String name,
        @JsonProperty("MaximumRetryCount") int maximumRetryCount) {
    /// Never.
    public static final RestartPolicy NO = new RestartPolicy("no", 0);

    public RestartPolicy {
        name = Copies.text(name);
    }

    /// Whether the container is ever started again.
    public boolean restarts() {
        return !name.isEmpty() && !name.equals("no");
    }
}
