package dev.gantry.engine.view;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.oci.image.Descriptor;
import java.util.List;

/// The manifests that a name leads to.
///
/// @param index the media type of the index that they are in; empty if there is none
public record ManifestsView(
        @JsonProperty("Index") String index,
        @JsonProperty("Manifests") List<Entry> manifests) {
    public ManifestsView {
        manifests = List.copyOf(manifests);
    }

    /// One of them.
    ///
    /// @param reference that names this manifest
    /// @param descriptor with the platform
    /// @param raw the document, in Base64
    public record Entry(
            @JsonProperty("Ref") String reference,
            @JsonProperty("Descriptor") Descriptor descriptor,
            @JsonProperty("Raw") String raw) {}
}
