package dev.gantry.engine.container;

import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.Filters;
import dev.gantry.engine.Pruned;
import dev.gantry.engine.content.ContentLedger;
import dev.gantry.engine.request.RemoveOptions;
import dev.gantry.engine.time.Moments;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Removes the containers that do not run.
final class Pruning {
    private static final System.Logger LOGGER = System.getLogger(Pruning.class.getName());
    private static final Set<String> KNOWN = Set.of("label", "label!", "until");

    private final Filters filters;
    private final Instant until;

    Pruning(Filters filters) {
        filters.requireOnly(KNOWN);
        if (filters.get("until").size() > 1) {
            throw new Invalid("more than one until filter specified");
        }
        this.filters = filters;
        this.until =
                filters.get("until").stream().findFirst().map(Pruning::until).orElse(Instant.MAX);
    }

    private static Instant until(String text) {
        try {
            return Moments.parse(text, Instant.now());
        } catch (IllegalArgumentException e) {
            throw new Invalid(String.valueOf(e.getMessage()), e);
        }
    }

    /// The containers that it takes.
    List<Container> candidates(Registry registry) {
        return registry.newestFirst().stream()
                .filter(container -> !container.state().isRunning() && wanted(container.definition()))
                .toList();
    }

    /// @param ledger who needs what of the image store: a container may be the last user of an image that was removed
    Pruned run(Registry registry, Removal removal, ContentLedger ledger) {
        var deleted = new ArrayList<String>();
        long reclaimed = 0;
        for (Container container : candidates(registry)) {
            long size = size(container);
            try {
                removal.remove(container, RemoveOptions.PLAIN);
                deleted.add(container.id());
                reclaimed += size + ledger.release(container.id());
            } catch (Conflict e) {
                LOGGER.log(Level.DEBUG, "prune of container {0}: {1}", container.id(), e.getMessage());
            }
        }
        return new Pruned(deleted, reclaimed);
    }

    private boolean wanted(Definition definition) {
        return !definition.created().isAfter(until)
                && filters.matchLabels(definition.config().labels());
    }

    /// Bytes on the disk that go with a container.
    static long size(Container container) {
        try {
            return DiskUse.onDisk(container);
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "size of container " + container.id(), e);
            return 0;
        }
    }
}
