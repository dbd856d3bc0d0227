package dev.gantry.engine.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// An image as `images` shows it.
///
/// @param created seconds since 1970
/// @param containers how many containers use it, -1 where that was not counted
/// @param manifests one for each platform of its names, where they were asked for
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
        long containers,
        @JsonInclude(Include.NON_NULL) @Nullable List<ManifestSummary> manifests) {
    /// The same image with other sizes.
    public ImageSummary withSizes(long own, long shared) {
        return new ImageSummary(
                id, parentId, repoTags, repoDigests, created, own, shared, labels, containers, manifests);
    }
}
