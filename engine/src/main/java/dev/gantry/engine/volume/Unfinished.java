package dev.gantry.engine.volume;

import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Directories that are no volumes yet, or none any more. Safe for use by many threads.
final class Unfinished {
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    static boolean isUnfinished(String file) {
        return file.startsWith(".");
    }

    /// A new name, which somebody works on from now on.
    ///
    /// @param directory in which it is to be; empty, or with a slash at its end
    String begin(String directory) {
        String name = directory + "." + UUID.randomUUID();
        names.add(name);
        return name;
    }

    /// Nobody works on it any more.
    void end(String name) {
        names.remove(name);
    }

    /// Whether somebody works on it.
    boolean isBusy(String name) {
        return names.contains(name);
    }
}
