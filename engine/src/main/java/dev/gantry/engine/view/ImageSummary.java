package dev.gantry.engine.view;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// An image as `images` shows it.
///
/// @param created seconds since 1970
/// @param containers how many containers use it, -1 where that was not counted
@JsonNaming(UpperCamelCaseStrategy.class)
public record ImageSummary(
        String id,
        @JsonProperty("ParentId") String parentId,
        List<String> repoTags,
        List<String> repoDigests,
        long created,
        long size,
        long sharedSize,
        Map<String, String> labels,
        long containers) {}
