package dev.gantry.engine.event;

import dev.gantry.engine.Event;
import dev.gantry.engine.EventStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One listener's queue.
final class Subscription implements EventStream {
    /// More than this wait only for a reader that has stopped reading.
    private static final int LIMIT = 8192;

    private static final System.Logger LOGGER = System.getLogger(Subscription.class.getName());

    private final EventFilter filter;
    private final @Nullable Instant until;
    private final Consumer<Subscription> onClose;
    private final LinkedBlockingQueue<Item> queue = new LinkedBlockingQueue<>();

    private sealed interface Item {
        record Happened(Event event) implements Item {}

        record End() implements Item {}
    }

    Subscription(EventFilter filter, Collection<Event> past, @Nullable Instant until, Consumer<Subscription> onClose) {
        this.filter = filter;
        this.until = until;
        this.onClose = onClose;
        past.forEach(event -> queue.add(new Item.Happened(event)));
    }

    void offer(Event event) {
        if (!filter.passes(event)) {
            return;
        }
        if (queue.size() >= LIMIT) {
            LOGGER.log(System.Logger.Level.WARNING, "a listener that does not read its events loses some");
            return;
        }
        queue.add(new Item.Happened(event));
    }

    @Override
    public @Nullable Event next() throws InterruptedException {
        Item item = take();
        return switch (item) {
            case null -> null;
            case Item.Happened(Event event) -> event;
            case Item.End end -> {
                queue.add(end);
                yield null;
            }
        };
    }

    private @Nullable Item take() throws InterruptedException {
        if (until == null) {
            return queue.take();
        }
        long left = Math.max(0, Duration.between(Instant.now(), until).toNanos());
        Item item = queue.poll(left, TimeUnit.NANOSECONDS);
        if (item == null) {
            close();
        }
        return item;
    }

    @Override
    public void close() {
        onClose.accept(this);
        queue.add(new Item.End());
    }
}
