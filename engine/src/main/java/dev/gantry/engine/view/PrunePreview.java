package dev.gantry.engine.view;

import java.util.List;
import tools.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// What a prune would remove.
///
/// @param items in the order in which they would go
/// @param spaceReclaimed bytes on the disk
@JsonNaming(UpperCamelCaseStrategy.class)
public record PrunePreview(List<Item> items, long spaceReclaimed) {
    /// Something that would go.
    ///
    /// @param type `container`, `volume` or `image`
    /// @param id of a volume its name
    /// @param name for people; of an image its names, or `<none>`
    /// @param reason why it would go
    /// @param size bytes on the disk that its end frees
    @JsonNaming(UpperCamelCaseStrategy.class)
    public record Item(String type, String id, String name, String reason, long size) {}
}
