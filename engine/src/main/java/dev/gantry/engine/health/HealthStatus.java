package dev.gantry.engine.health;

import java.util.Locale;

/// What the checks of a container's health say.
public enum HealthStatus {
    /// None has succeeded yet, and not enough have failed.
    STARTING,
    HEALTHY,
    /// Too many in a row have failed, or nobody checks because the container does not run.
    UNHEALTHY;

    /// Docker's word.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// As the status of a container shows it.
    public String shown() {
        return this == STARTING ? "health: starting" : word();
    }
}
