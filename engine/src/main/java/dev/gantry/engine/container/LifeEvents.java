package dev.gantry.engine.container;

import dev.gantry.engine.event.EventLog;
import java.util.LinkedHashMap;
import java.util.Map;

/// Tells everybody what happens to containers.
public final class LifeEvents {
    private final EventLog events;

    public LifeEvents(EventLog events) {
        this.events = events;
    }

    /// Something happened to a container.
    public void publish(Container container, String action) {
        publish(container, action, Map.of());
    }

    /// Something happened, with particulars of its own.
    public void publish(Container container, String action, Map<String, String> particulars) {
        Definition definition = container.definition();
        var attributes = new LinkedHashMap<>(definition.config().labels());
        attributes.put("image", definition.config().image());
        attributes.put("name", definition.name());
        attributes.putAll(particulars);
        events.publish("container", action, definition.id(), attributes);
    }
}
