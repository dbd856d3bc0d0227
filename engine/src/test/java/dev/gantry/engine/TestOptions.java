package dev.gantry.engine;

import java.nio.file.Path;

/// Options of engines beside others on the same host.
public final class TestOptions {
    private TestOptions() {}

    /// The defaults, but for a cgroup parent that no other daemon shares.
    public static EngineOptions of(Path root, String cgroupParent) {
        return of(root, cgroupParent, false);
    }

    /// As [#of], of an engine that leaves what runs to the next one.
    public static EngineOptions surviving(Path root, String cgroupParent) {
        return of(root, cgroupParent, true);
    }

    private static EngineOptions of(Path root, String cgroupParent, boolean liveRestore) {
        EngineOptions defaults = EngineOptions.of(root.resolve("data"), root.resolve("exec"));
        return new EngineOptions(
                defaults.dataRoot(),
                defaults.execRoot(),
                cgroupParent,
                defaults.labels(),
                defaults.init(),
                defaults.defaultUlimits(),
                defaults.logOptions(),
                defaults.shutdownTimeout(),
                liveRestore,
                defaults.version(),
                defaults.debug(),
                defaults.userRemapping(),
                defaults.runtimes(),
                defaults.registries());
    }
}
