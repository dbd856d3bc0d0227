package dev.gantry.engine.event;

import dev.gantry.engine.Event;
import dev.gantry.engine.Filters;
import java.util.Set;

/// Which events a listener wants, by Docker's rules: names and IDs by their beginning, images with and without tag,
/// actions also without what follows their colon.
record EventFilter(Filters filters) {
    private static final Set<String> ACTORS =
            Set.of("config", "container", "daemon", "network", "node", "plugin", "secret", "service", "volume");
    private static final Set<String> KNOWN = Set.of(
            "config",
            "container",
            "daemon",
            "event",
            "image",
            "label",
            "network",
            "node",
            "plugin",
            "scope",
            "secret",
            "service",
            "type",
            "volume");

    static EventFilter of(Filters filters) {
        filters.requireOnly(KNOWN);
        return new EventFilter(filters);
    }

    boolean passes(Event event) {
        return matches("event", event.action(), word(event.action()))
                && matches("type", event.type())
                && matches("scope", "local")
                && ACTORS.stream().allMatch(type -> startsWith(type, event))
                && matchesImage(event)
                && filters.get("label").stream().allMatch(label -> Filters.hasLabel(event.attributes(), label));
    }

    private boolean matches(String filter, String... candidates) {
        Set<String> wanted = filters.get(filter);
        if (wanted.isEmpty()) {
            return true;
        }
        for (String candidate : candidates) {
            if (wanted.contains(candidate)) {
                return true;
            }
        }
        return false;
    }

    private boolean startsWith(String type, Event event) {
        Set<String> wanted = filters.get(type);
        String name = event.attributes().getOrDefault("name", "");
        return wanted.isEmpty()
                || wanted.stream().anyMatch(value -> event.actorId().startsWith(value) || name.startsWith(value));
    }

    private boolean matchesImage(Event event) {
        String key = event.type().equals("image") ? "name" : "image";
        String name = event.attributes().getOrDefault(key, "");
        return matches("image", event.actorId(), withoutTag(event.actorId()), name, withoutTag(name));
    }

    /// `exec_create` of `exec_create: sh -c true`.
    private static String word(String action) {
        int colon = action.indexOf(": ");
        return colon < 0 ? action : action.substring(0, colon);
    }

    private static String withoutTag(String reference) {
        int colon = reference.lastIndexOf(':');
        return colon > reference.lastIndexOf('/') ? reference.substring(0, colon) : reference;
    }
}
