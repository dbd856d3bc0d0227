package dev.gantry.engine;

import java.util.List;

/// What a prune removed.
///
/// @param deleted IDs; of images also the untagged references
/// @param reclaimed bytes
public record Pruned(List<String> deleted, long reclaimed) {
    public Pruned {
        deleted = List.copyOf(deleted);
    }
}
