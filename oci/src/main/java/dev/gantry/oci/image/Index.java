package dev.gantry.oci.image;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gantry.oci.Absent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An image index (Docker: manifest list): manifests for several platforms. Also the `index.json` of an image layout.
public record Index(
        int schemaVersion,
        String mediaType,
        @Nullable String artifactType,
        List<Descriptor> manifests,
        @Nullable Descriptor subject,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> annotations)
        implements ManifestOrIndex {
    public Index {
        mediaType = orDefault(mediaType);
        manifests = Absent.toEmpty(manifests);
        annotations = Absent.toEmpty(annotations);
    }

    /// An OCI index.
    public static Index of(List<Descriptor> manifests) {
        return new Index(2, MediaType.OCI_INDEX, null, manifests, null, Map.of());
    }

    private static String orDefault(@Nullable String mediaType) {
        return mediaType == null ? MediaType.OCI_INDEX : mediaType;
    }
}
