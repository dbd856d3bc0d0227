package dev.gantry.engine;

import dev.gantry.oci.runtime.IdMapping;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How an engine is opened.
///
/// @param dataRoot durable state; owned by one engine at a time
/// @param execRoot run-time state, gone with the next boot
/// @param cgroupParent the cgroup that containers lie beneath, for example `/gantry`
/// @param labels of the daemon, `name=value`
/// @param init whether containers get an init unless they say otherwise
/// @param defaultUlimits by name, `soft[:hard]`
/// @param logOptions of the json-file driver, for containers without their own
/// @param shutdownTimeout how long containers may take to stop when the engine is closed
/// @param liveRestore whether containers run on when the engine is closed, for the next one to take them back
/// @param version Gantry's own, as users read it
/// @param debug whether the daemon runs in debug mode; reported only
/// @param userRemapping whom the users of containers are on the host; null is the same
public record EngineOptions(
        Path dataRoot,
        Path execRoot,
        String cgroupParent,
        List<String> labels,
        boolean init,
        Map<String, String> defaultUlimits,
        Map<String, String> logOptions,
        Duration shutdownTimeout,
        boolean liveRestore,
        String version,
        boolean debug,
        @Nullable UserRemapping userRemapping) {
    public EngineOptions {
        labels = List.copyOf(labels);
        defaultUlimits = Map.copyOf(defaultUlimits);
        logOptions = Map.copyOf(logOptions);
    }

    /// The ranges of the host's IDs that stand for those of containers.
    public record UserRemapping(List<IdMapping> uids, List<IdMapping> gids) {
        public UserRemapping {
            uids = List.copyOf(uids);
            gids = List.copyOf(gids);
            if (uids.isEmpty() || gids.isEmpty()) {
                throw new IllegalArgumentException("a remapping needs ranges of users and of groups");
            }
        }
    }

    /// The defaults for a data root and an exec root; containers end with the engine.
    public static EngineOptions of(Path dataRoot, Path execRoot) {
        return new EngineOptions(
                dataRoot,
                execRoot,
                "/gantry",
                List.of(),
                false,
                Map.of(),
                Map.of(),
                Duration.ofSeconds(15),
                false,
                "0.1.0",
                false,
                null);
    }
}
