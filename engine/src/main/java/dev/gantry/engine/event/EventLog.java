package dev.gantry.engine.event;

import dev.gantry.engine.Event;
import dev.gantry.engine.EventStream;
import dev.gantry.engine.Events;
import dev.gantry.engine.Filters;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The events of an engine. Publishing never blocks: a subscriber that does not read loses events, not the engine time.
public final class EventLog implements Events {
    /// As many as dockerd keeps.
    private static final int KEPT = 256;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Event> kept = new ArrayDeque<>(KEPT);
    private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

    /// Tells everybody that something happened just now.
    public void publish(String type, String action, String actorId, Map<String, String> attributes) {
        lock.lock();
        try {
            Event event = new Event(type, action, actorId, attributes, Instant.now());
            if (kept.size() == KEPT) {
                kept.removeFirst();
            }
            kept.addLast(event);
            subscriptions.forEach(subscription -> subscription.offer(event));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public EventStream subscribe(Filters filters, @Nullable Instant since, @Nullable Instant until) {
        EventFilter filter = EventFilter.of(filters);
        lock.lock();
        try {
            List<Event> past = since == null && until == null ? List.of() : past(filter, since, until);
            var subscription = new Subscription(filter, past, until, subscriptions::remove);
            if (until == null || until.isAfter(Instant.now())) {
                subscriptions.add(subscription);
            } else {
                subscription.close();
            }
            return subscription;
        } finally {
            lock.unlock();
        }
    }

    private List<Event> past(EventFilter filter, @Nullable Instant since, @Nullable Instant until) {
        var matching = new ArrayList<Event>();
        for (Event event : kept) {
            boolean late = until != null && event.time().isAfter(until);
            boolean early = since != null && event.time().isBefore(since);
            if (!late && !early && filter.passes(event)) {
                matching.add(event);
            }
        }
        return matching;
    }

    /// How many listen at the moment.
    public int subscribers() {
        return subscriptions.size();
    }

    /// Ends every stream.
    public void close() {
        subscriptions.forEach(Subscription::close);
    }
}
