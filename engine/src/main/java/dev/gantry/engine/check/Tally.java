package dev.gantry.engine.check;

import dev.gantry.engine.view.CheckView;
import dev.gantry.store.StoreReport;
import java.util.HashSet;
import java.util.Set;

/// Counts what was looked at, however often.
final class Tally {
    private final Set<String> containers = new HashSet<>();
    private final Set<String> running = new HashSet<>();
    private int directories;
    private int execs;
    private StoreReport store = new StoreReport(java.util.List.of(), 0, 0, 0);

    void container(String id) {
        containers.add(id);
    }

    /// @param count of cgroups, and of run-time state
    void running(String id, int count) {
        if (running.add(id)) {
            directories += count;
        }
    }

    void execs(int count) {
        execs = count;
    }

    void store(StoreReport report) {
        store = report;
    }

    CheckView.LookedAt view() {
        return new CheckView.LookedAt(
                containers.size(), running.size(), directories, execs, store.images(), store.layers(), store.blobs());
    }
}
