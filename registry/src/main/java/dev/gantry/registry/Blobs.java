package dev.gantry.registry;

import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.registry.http.Answer;
import dev.gantry.registry.http.Call;
import dev.gantry.registry.http.ContentRange;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads blobs at one endpoint.
final class Blobs {
    private Blobs() {}

    /// Asks for a blob from a byte on: the answer's body begins at that byte.
    static Answer open(Endpoint endpoint, ImageReference repository, Descriptor descriptor, long position)
            throws IOException {
        // Accept-Encoding: what is compressed on the way would have another size and digest
        Call call = endpoint.call("GET", "blobs/" + descriptor.digest()).with("Accept-Encoding", "identity");
        Answer answer = endpoint.send(position == 0 ? call : call.with("Range", "bytes=%d-".formatted(position)));
        boolean kept = false;
        try {
            if (answer.status() == 206 && position > 0) {
                checkRange(descriptor, position, answer);
            } else if (answer.status() == 200) {
                checkWhole(descriptor, answer);
                skip(descriptor, position, answer);
            } else {
                throw endpoint.refusal(answer, repository);
            }
            kept = true;
            return answer;
        } finally {
            if (!kept) {
                answer.close();
            }
        }
    }

    private static void checkRange(Descriptor descriptor, long position, Answer answer) throws RegistryException {
        ContentRange range = ContentRange.parse(answer.header("Content-Range"));
        if (range == null
                || range.first() != position
                || range.last() != descriptor.size() - 1
                || (range.total() != null && range.total() != descriptor.size())) {
            throw corrupt(descriptor, "asked for bytes from %d on, got %s".formatted(position, range));
        }
    }

    private static void checkWhole(Descriptor descriptor, Answer answer) throws RegistryException {
        long length = answer.length().orElse(descriptor.size());
        if (length != descriptor.size()) {
            throw corrupt(descriptor, "got %d bytes, want %d".formatted(length, descriptor.size()));
        }
    }

    // a server that knows no ranges sends everything again; the digest over all of it shows if it is the same
    private static void skip(Descriptor descriptor, long position, Answer answer) throws RegistryException {
        try {
            answer.body().skipNBytes(position);
        } catch (IOException e) {
            throw new RegistryException.Unreachable("blob %s: %s".formatted(descriptor.digest(), e.getMessage()), e);
        }
    }

    static boolean exists(Endpoint endpoint, Digest digest) throws IOException {
        return endpoint.has(endpoint.call("HEAD", "blobs/" + digest));
    }

    private static RegistryException corrupt(Descriptor descriptor, @Nullable String problem) {
        return new RegistryException.Corrupt("blob %s: %s".formatted(descriptor.digest(), problem), null);
    }
}
