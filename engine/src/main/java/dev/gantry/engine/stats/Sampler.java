package dev.gantry.engine.stats;

import dev.gantry.engine.system.ProcessorTime;
import dev.gantry.engine.view.StatsView;
import dev.gantry.runtime.RunningContainer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Samples one running container. Who asks takes the last sample if it is young enough, else reads a new one; so a
/// client that is slow to read its answers holds up nobody, and nothing is sampled that nobody asks for.
public final class Sampler {
    /// Less than the second that passes between two samples of one client, so that the second one is newer.
    private static final Duration SHARED = Duration.ofMillis(900);

    /// Who asks once wants to know how it is now; 200 who begin at the same time still share.
    private static final Duration SHARED_FIRST = Duration.ofMillis(50);

    private final RunningContainer container;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Sample latest;
    private long sampledAt;

    public Sampler(RunningContainer container) {
        this.container = container;
    }

    /// A sample for the API.
    ///
    /// @param previous what the same client has had before
    /// @throws IOException also if the container has ended
    public StatsView sample(String name, @Nullable StatsView previous) throws IOException {
        return StatsViews.of(container.id(), name, sample(previous == null ? SHARED_FIRST : SHARED), previous);
    }

    private Sample sample(Duration young) throws IOException {
        lock.lock();
        try {
            Sample sample = latest;
            if (sample == null || System.nanoTime() - sampledAt > young.toNanos()) {
                sample = new Sample(Instant.now(), container.usage(), container.interfaces(), ProcessorTime.read());
                sampledAt = System.nanoTime();
                latest = sample;
            }
            return sample;
        } finally {
            lock.unlock();
        }
    }
}
