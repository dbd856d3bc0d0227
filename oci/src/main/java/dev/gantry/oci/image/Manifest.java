package dev.gantry.oci.image;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gantry.oci.Absent;
import dev.gantry.oci.Digest;
import dev.gantry.oci.MalformedException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An image manifest of either family: one configuration and its layers, bottom first. Read it with
/// [ManifestOrIndex#parse].
public record Manifest(
        int schemaVersion,
        String mediaType,
        @Nullable String artifactType,
        Descriptor config,
        List<Descriptor> layers,
        @Nullable Descriptor subject,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> annotations)
        implements ManifestOrIndex {
    public Manifest {
        mediaType = orDefault(mediaType);
        layers = Absent.toEmpty(layers);
        annotations = Absent.toEmpty(annotations);
    }

    /// An OCI manifest.
    public static Manifest of(Descriptor config, List<Descriptor> layers) {
        return new Manifest(2, MediaType.OCI_MANIFEST, null, config, layers, null, Map.of());
    }

    /// The manifest of the image with this ID, whatever its own digest is.
    public Digest imageId() {
        return config.digest();
    }

    Manifest checked() throws MalformedException {
        if (isAbsent(config)) {
            throw new MalformedException("manifest has no \"config\"");
        }
        return this;
    }

    private static boolean isAbsent(@Nullable Descriptor descriptor) {
        return descriptor == null;
    }

    private static String orDefault(@Nullable String mediaType) {
        return mediaType == null ? MediaType.OCI_MANIFEST : mediaType;
    }
}
