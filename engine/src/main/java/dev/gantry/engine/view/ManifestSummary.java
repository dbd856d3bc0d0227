package dev.gantry.engine.view;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.oci.Platform;
import dev.gantry.oci.image.Descriptor;
import java.util.List;
import tools.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// One platform of an image's names, as `images` shows it.
///
/// @param id the digest of its manifest
/// @param available whether it is here; else the index has more than was pulled
/// @param kind `image`
@JsonNaming(UpperCamelCaseStrategy.class)
public record ManifestSummary(
        @JsonProperty("ID") String id,
        Descriptor descriptor,
        boolean available,
        Size size,
        String kind,
        @JsonProperty("ImageData") Content imageData) {
    /// In bytes: documents and blobs, and all together.
    @JsonNaming(UpperCamelCaseStrategy.class)
    public record Size(long content, long total) {}

    /// What a container would be made of.
    ///
    /// @param containers IDs of those that were made of it
    @JsonNaming(UpperCamelCaseStrategy.class)
    public record Content(Platform platform, List<String> containers, Unpacked size) {
        public Content {
            containers = List.copyOf(containers);
        }
    }

    /// In bytes: the files.
    @JsonNaming(UpperCamelCaseStrategy.class)
    public record Unpacked(long unpacked) {}
}
