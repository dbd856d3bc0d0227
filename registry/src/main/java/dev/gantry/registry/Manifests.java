package dev.gantry.registry;

import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.ManifestOrIndex;
import dev.gantry.oci.image.MediaType;
import dev.gantry.registry.http.Answer;
import dev.gantry.registry.http.Call;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.security.MessageDigest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads and writes manifests at one endpoint.
final class Manifests {
    private static final String ACCEPT = String.join(
            ", ", MediaType.OCI_INDEX, MediaType.OCI_MANIFEST, MediaType.DOCKER_INDEX, MediaType.DOCKER_MANIFEST);

    private Manifests() {}

    /// @param reference with the tag or digest
    static FetchedManifest fetch(Endpoint endpoint, ImageReference reference) throws IOException {
        Call call = endpoint.call("GET", "manifests/" + name(reference)).with("Accept", ACCEPT);
        try (Answer answer = endpoint.send(call)) {
            if (answer.status() != 200) {
                throw endpoint.refusal(answer, reference);
            }
            return verified(reference, answer, content(reference, answer));
        }
    }

    static boolean exists(Endpoint endpoint, Digest digest) throws IOException {
        return endpoint.has(endpoint.call("HEAD", "manifests/" + digest).with("Accept", ACCEPT));
    }

    static Digest store(Endpoint endpoint, ImageReference reference, Descriptor descriptor, byte[] content)
            throws IOException {
        Call call = endpoint.call("PUT", "manifests/" + name(reference))
                .with("Content-Type", descriptor.mediaType())
                .sending(_ -> HttpRequest.BodyPublishers.ofByteArray(content));
        try (Answer answer = endpoint.send(call)) {
            if (answer.status() != 201) {
                throw endpoint.refusal(answer, null);
            }
            Upload.checkDigest(descriptor.digest(), answer);
            return descriptor.digest();
        }
    }

    private static String name(ImageReference reference) {
        Digest digest = reference.digest();
        return digest != null ? digest.toString() : String.valueOf(reference.tag());
    }

    private static byte[] content(ImageReference reference, Answer answer) throws IOException {
        try {
            return Contents.read(answer, ManifestOrIndex.MAX_SIZE, "manifest for " + reference.familiar());
        } catch (MalformedException e) {
            throw corrupt(reference, String.valueOf(e.getMessage()), e);
        }
    }

    // the digest first: nothing unverified is parsed
    private static FetchedManifest verified(ImageReference reference, Answer answer, byte[] content)
            throws RegistryException {
        Digest wanted = reference.digest();
        if (wanted != null) {
            check(reference, wanted, content);
        }
        String stated = answer.header("Docker-Content-Digest");
        if (stated != null) {
            check(reference, parsed(reference, stated), content);
        }
        try {
            ManifestOrIndex manifest = ManifestOrIndex.parse(content, mediaType(answer.header("Content-Type")));
            Digest digest = wanted != null ? wanted : Digest.of(content);
            return new FetchedManifest(Descriptor.of(manifest.mediaType(), digest, content.length), content);
        } catch (MalformedException e) {
            throw corrupt(reference, String.valueOf(e.getMessage()), e);
        }
    }

    private static void check(ImageReference reference, Digest wanted, byte[] content) throws RegistryException {
        MessageDigest computation = wanted.algorithm().newMessageDigest();
        computation.update(content);
        Digest got = wanted.algorithm().finish(computation);
        if (!got.equals(wanted)) {
            throw corrupt(reference, "manifest verification failed for digest " + wanted, null);
        }
    }

    private static Digest parsed(ImageReference reference, String stated) throws RegistryException {
        try {
            return Digest.parse(stated);
        } catch (MalformedException e) {
            throw corrupt(reference, "Docker-Content-Digest: " + e.getMessage(), e);
        }
    }

    /// The type without parameters; null where it says nothing, which some registries' types of old content do.
    private static @Nullable String mediaType(@Nullable String contentType) {
        if (contentType == null) {
            return null;
        }
        String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return switch (type) {
            case "", "application/json", "application/octet-stream", "text/plain", "text/html" -> null;
            default -> type;
        };
    }

    private static RegistryException corrupt(ImageReference reference, String problem, @Nullable Throwable cause) {
        return new RegistryException.Corrupt("%s: %s".formatted(reference.familiar(), problem), cause);
    }
}
