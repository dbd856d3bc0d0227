package dev.gantry.registry.protocol;

import dev.gantry.oci.Absent;
import java.util.List;

/// A page of a repository's tags.
public record TagList(List<String> tags) {
    public TagList {
        tags = Absent.toEmpty(tags);
    }
}
