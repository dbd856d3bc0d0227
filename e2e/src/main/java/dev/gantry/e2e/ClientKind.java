package dev.gantry.e2e;

import java.util.Locale;

/// Which command line speaks to the daemon.
public enum ClientKind {
    DOCKER,
    GANTRY;

    /// The program to run.
    public String program() {
        return switch (this) {
            case DOCKER -> "docker";
            case GANTRY -> Repository.gantry().toString();
        };
    }

    /// Whether its program is there at all.
    public boolean installed() {
        return switch (this) {
            case DOCKER -> DaemonKind.onPath("docker");
            case GANTRY -> DaemonKind.GANTRY.installed();
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
