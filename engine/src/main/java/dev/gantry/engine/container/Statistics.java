package dev.gantry.engine.container;

import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.EngineException.NotFound;
import dev.gantry.engine.stats.StatsViews;
import dev.gantry.engine.view.StatsView;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What containers use of the host.
final class Statistics {
    /// Between two samples for one client, as in Docker.
    private static final long INTERVAL_MILLIS = 1000;

    /// From the end of a process to its record.
    private static final long END_MILLIS = 1000;

    private Statistics() {}

    /// A sample, after the interval if there was one before.
    ///
    /// @throws NotFound if the container was removed meanwhile
    static StatsView sample(Registry registry, String ref, @Nullable StatsView previous) throws InterruptedException {
        if (previous == null) {
            return now(registry.get(ref), null);
        }
        Thread.sleep(INTERVAL_MILLIS);
        Container container = registry.get(ref);
        return now(container, previous.describesRunning() ? previous : null);
    }

    private static StatsView now(Container container, @Nullable StatsView previous) throws InterruptedException {
        Run run = container.run();
        String name = container.definition().name();
        Optional<StatsView> sample = run == null ? Optional.empty() : sample(container, run, name, previous);
        return sample.orElseGet(() -> StatsViews.empty(container.id(), name));
    }

    /// Empty if the run has ended meanwhile: then what was read may be incomplete.
    private static Optional<StatsView> sample(Container container, Run run, String name, @Nullable StatsView previous)
            throws InterruptedException {
        try {
            StatsView view = run.sampler().sample(name, previous);
            return run.equals(container.run()) ? Optional.of(view) : Optional.empty();
        } catch (IOException e) {
            if (run.await(END_MILLIS)) {
                return Optional.empty();
            }
            throw new Failed("statistics of container " + container.id() + ": " + e.getMessage(), e);
        }
    }
}
