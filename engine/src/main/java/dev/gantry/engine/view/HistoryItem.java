package dev.gantry.engine.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One step of an image's history.
///
/// @param id of the image, or `<missing>`
/// @param tags null for none
/// @param created seconds since 1970
public record HistoryItem(
        @JsonProperty("Id") String id,
        @JsonProperty("Created") long created,
        @JsonProperty("CreatedBy") String createdBy,

        @JsonProperty("Tags") @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
        List<String> tags,

        @JsonProperty("Size") long size,
        @JsonProperty("Comment") String comment) {}
