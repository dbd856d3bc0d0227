package dev.gantry.engine.check;

import java.util.Locale;

/// What a [Finding] is about.
enum Kind {
    CONTAINER,
    CONFIG,
    STATE,
    FILE,
    NAME,
    LEASE,
    OUTPUT,
    RUNTIME,
    SUPERVISOR,
    PROCESS,
    CGROUP,
    EXEC,
    IMAGE,
    LAYER,
    BLOB,
    VOLUME,
    MOUNT;

    /// As it is shown, and as it stays.
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
