package dev.gantry.oci.image;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;

/// One step that made an image.
///
/// @param emptyLayer the step made no layer; steps without it belong to the layers in order
public record History(
        @JsonSerialize(using = GoTime.Writer.class) @Nullable
        Instant created,

        @JsonProperty("created_by") @Nullable String createdBy,
        @Nullable String author,
        @Nullable String comment,

        @JsonProperty("empty_layer") @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        boolean emptyLayer) {}
