package dev.gantry.oci.image;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gantry.oci.Absent;
import dev.gantry.oci.Digest;
import dev.gantry.oci.Platform;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A typed link to content (image specification, "Content Descriptors").
///
/// @param size bytes; content of another size is not what is meant
/// @param data the content itself, base64, when it is small
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Descriptor(
        String mediaType,
        Digest digest,
        @JsonInclude(JsonInclude.Include.ALWAYS) long size,
        List<String> urls,
        Map<String, String> annotations,
        @Nullable String data,
        @Nullable String artifactType,
        @Nullable Platform platform) {
    /// @throws IllegalArgumentException if the type or digest is missing, or the size negative
    public Descriptor {
        if (isAbsent(mediaType) || isAbsent(digest)) {
            throw new IllegalArgumentException("descriptor without mediaType or digest");
        }
        if (size < 0) {
            throw new IllegalArgumentException("descriptor with size " + size);
        }
        data = Absent.toNull(data);
        artifactType = Absent.toNull(artifactType);
        urls = Absent.toEmpty(urls);
        annotations = Absent.toEmpty(annotations);
    }

    private static boolean isAbsent(@Nullable Object component) {
        return component == null || component.equals("");
    }

    public static Descriptor of(String mediaType, Digest digest, long size) {
        return new Descriptor(mediaType, digest, size, List.of(), Map.of(), null, null, null);
    }

    public static Descriptor of(String mediaType, byte[] content) {
        return of(mediaType, Digest.of(content), content.length);
    }

    public Descriptor withAnnotations(Map<String, String> replacement) {
        return new Descriptor(mediaType, digest, size, urls, replacement, data, artifactType, platform);
    }

    public Descriptor withPlatform(Platform replacement) {
        return new Descriptor(mediaType, digest, size, urls, annotations, data, artifactType, replacement);
    }
}
