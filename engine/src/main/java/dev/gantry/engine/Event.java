package dev.gantry.engine;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Something that happened to a container, an image or the daemon.
///
/// @param type `container`, `image`, `daemon`, …
/// @param action Docker's word, for exec with the command: `exec_create: sh -c true`
/// @param actorId of a container its ID, of an image its reference or ID
public record Event(String type, String action, String actorId, Map<String, String> attributes, Instant time) {
    public Event {
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }
}
