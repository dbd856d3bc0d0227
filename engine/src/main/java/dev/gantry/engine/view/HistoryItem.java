package dev.gantry.engine.view;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/// One step of an image's history.
///
/// @param id of the image, or `<missing>`
/// @param created seconds since 1970
public record HistoryItem(
        @JsonProperty("Id") String id,
        @JsonProperty("Created") long created,
        @JsonProperty("CreatedBy") String createdBy,
        @JsonProperty("Tags") List<String> tags,
        @JsonProperty("Size") long size,
        @JsonProperty("Comment") String comment) {}
