package dev.gantry.store.archive;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.oci.Absent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An item of `manifest.json`, by names of members.
record DockerImage(
        @JsonProperty("Config") @Nullable String config,
        @JsonProperty("RepoTags") @Nullable List<String> repoTags,
        @JsonProperty("Layers") List<String> layers) {
    static final String FILE = "manifest.json";

    DockerImage {
        layers = Absent.toEmpty(layers);
    }
}
