package dev.gantry.engine.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.oci.image.Descriptor;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// An image as inspect shows it.
///
/// @param descriptor of what the name leads to: its index or its manifest
/// @param manifests the platforms of its names; null where nobody asked for them
@JsonNaming(UpperCamelCaseStrategy.class)
@JsonInclude(Include.NON_NULL)
public record ImageView(
        String id,
        List<String> repoTags,
        List<String> repoDigests,
        String parent,
        String comment,
        String created,
        String dockerVersion,
        String author,
        ContainerConfig config,
        String architecture,
        @JsonInclude(Include.NON_EMPTY) String variant,
        String os,
        long size,
        ContainerView.GraphDriver graphDriver,
        @JsonProperty("RootFS") RootFileSystem rootFileSystem,
        Metadata metadata,
        Descriptor descriptor,
        @Nullable List<ManifestSummary> manifests) {

    /// The layers, lowest first, by the digests of their uncompressed archives.
    @JsonNaming(UpperCamelCaseStrategy.class)
    public record RootFileSystem(String type, List<String> layers) {}

    /// What the engine knows beside the image.
    ///
    /// @param lastTagTime the zero time where it was never tagged here: a name that came along is no tag
    public record Metadata(
            @JsonProperty("LastTagTime") @Nullable String lastTagTime) {}
}
