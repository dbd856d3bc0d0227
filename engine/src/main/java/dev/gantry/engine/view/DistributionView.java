package dev.gantry.engine.view;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.oci.Platform;
import dev.gantry.oci.image.Descriptor;
import java.util.List;

/// What a registry has under a name.
public record DistributionView(
        @JsonProperty("Descriptor") Descriptor descriptor,
        @JsonProperty("Platforms") List<Platform> platforms) {
    public DistributionView {
        platforms = List.copyOf(platforms);
    }
}
