package dev.gantry.cli.container;

import dev.gantry.cli.engine.Engine;
import dev.gantry.cli.engine.Exchange;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.json.JsonReader;
import dev.gantry.cli.json.JsonValue;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A container whose statistics are read, on a thread of its own: one that answers late is not in the others' way.
final class WatchedContainer {
    /// A daemon that has told nothing for so long does not know it either.
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /// dockerd takes two of its seconds for a single answer.
    private static final Duration PATIENCE_ONCE = Duration.ofSeconds(10);

    private final String container;
    private final boolean once;
    private final CountDownLatch first = new CountDownLatch(1);
    private volatile JsonValue stats = JsonValue.Null.NULL;
    private volatile long readAt = System.nanoTime();
    private volatile boolean ended;
    private volatile @Nullable IOException problem;

    private WatchedContainer(String container, boolean once) {
        this.container = container;
        this.once = once;
    }

    /// @param once whether one answer is enough
    static WatchedContainer start(Engine engine, String container, boolean once) {
        WatchedContainer watched = new WatchedContainer(container, once);
        Thread.ofVirtual().name("stats").start(() -> watched.read(engine));
        return watched;
    }

    private void read(Engine engine) {
        Query query = new Query().with("stream", once ? "0" : "1");
        try (Exchange exchange = engine.stream(Paths.of(container, "stats"), query);
                JsonReader answers = JsonReader.over(exchange.input())) {
            for (JsonValue answer = answers.next(); answer != null; answer = answers.next()) {
                stats = answer;
                readAt = System.nanoTime();
                first.countDown();
            }
            ended = !once;
        } catch (IOException e) {
            problem = e;
            ended = true;
        } finally {
            first.countDown();
        }
    }

    /// What the user called it.
    String container() {
        return container;
    }

    /// Waits for the first answer, or for as long as it may take.
    void awaitFirst() throws InterruptedException {
        boolean _ = first.await((once ? PATIENCE_ONCE : PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Why there is no answer; null if there is one.
    @Nullable
    IOException problem() {
        return problem;
    }

    StatsRow row(boolean shortened) {
        boolean fresh = once || System.nanoTime() - readAt < PATIENCE.toNanos();
        boolean known = !ended && fresh && stats != JsonValue.Null.NULL;
        return new StatsRow(container, stats, known, shortened);
    }
}
