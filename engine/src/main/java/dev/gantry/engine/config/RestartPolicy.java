package dev.gantry.engine.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/// When a container is started again whose process has ended.
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

    /// Whether the container is started again after such an end, which its user has not wanted.
    ///
    /// @param restarts how often it was already
    public boolean restartsAfter(int exitCode, int restarts) {
        return switch (name) {
            case "always", "unless-stopped" -> true;
            case "on-failure" -> exitCode != 0 && (maximumRetryCount == 0 || restarts < maximumRetryCount);
            default -> false;
        };
    }

    /// Whether a daemon that starts also starts the container that its user has stopped.
    public boolean outlivesStops() {
        return name.equals("always");
    }
}
