package dev.gantry.registry;

import dev.gantry.oci.Digest;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.registry.Retry.Limits;
import dev.gantry.registry.http.Answer;
import dev.gantry.registry.http.Call;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Sends a blob: all of it with one request, or in pieces where the registry asks for that or takes no large requests.
final class Upload {
    private static final int TOO_LARGE = 413;
    private static final long PIECE = 16L << 20;
    private static final long LARGEST_PIECE = 1L << 30;

    private final Endpoint endpoint;
    private final Descriptor descriptor;
    private final BlobSource source;
    private final ProgressListener listener;
    private boolean inPieces;

    Upload(Endpoint endpoint, Descriptor descriptor, BlobSource source, ProgressListener listener) {
        this.endpoint = endpoint;
        this.descriptor = descriptor;
        this.source = source;
        this.listener = listener;
    }

    void run(Limits limits) throws IOException {
        Retry.run(limits, () -> {
            attempt();
            return descriptor;
        });
    }

    private void attempt() throws IOException {
        URI location;
        String smallest;
        try (Answer answer = endpoint.send(endpoint.call("POST", "blobs/uploads/"))) {
            if (answer.status() != 202) {
                throw endpoint.refusal(answer, null);
            }
            location = endpoint.location(answer);
            smallest = answer.header("OCI-Chunk-Min-Length");
        }
        if (inPieces || smallest != null) {
            sendInPieces(location, pieceSize(smallest));
        } else if (!sendWhole(location)) {
            inPieces = true;
            attempt();
        }
    }

    /// False if the registry takes no request of this size.
    private boolean sendWhole(URI location) throws IOException {
        Call call = content("PUT", withDigest(location), 0, descriptor.size());
        try (Answer answer = endpoint.send(call)) {
            if (answer.status() == TOO_LARGE) {
                return false;
            }
            checkStored(answer);
            return true;
        }
    }

    private void sendInPieces(URI start, long piece) throws IOException {
        URI location = start;
        for (long sent = 0; sent < descriptor.size(); ) {
            long length = Math.min(piece, descriptor.size() - sent);
            Call call = content("PATCH", location, sent, length)
                    .with("Content-Range", "%d-%d".formatted(sent, sent + length - 1));
            try (Answer answer = endpoint.send(call)) {
                if (answer.status() != 202 && answer.status() != 204) {
                    throw endpoint.refusal(answer, null);
                }
                location = endpoint.location(answer);
            }
            sent += length;
        }
        try (Answer answer = endpoint.send(Call.of("PUT", withDigest(location)))) {
            checkStored(answer);
        }
    }

    private Call content(String method, URI location, long first, long length) {
        return Call.of(method, location)
                .with("Content-Type", "application/octet-stream")
                .sending(new BlobPayload(source, first, length, listener));
    }

    private void checkStored(Answer answer) throws IOException {
        if (answer.status() != 201) {
            throw endpoint.refusal(answer, null);
        }
        checkDigest(descriptor.digest(), answer);
    }

    /// A registry that stored something else under the digest has not stored what it was given.
    static void checkDigest(Digest want, Answer answer) throws RegistryException {
        String got = answer.header("Docker-Content-Digest");
        // one of another algorithm says nothing
        if (got != null && got.startsWith(want.algorithm().label() + ":") && !got.equals(want.toString())) {
            throw new RegistryException.Corrupt("registry stored %s, want %s".formatted(got, want), null);
        }
    }

    private URI withDigest(URI location) {
        String digest = URLEncoder.encode(descriptor.digest().toString(), StandardCharsets.UTF_8);
        return URI.create(location + (location.getRawQuery() == null ? "?" : "&") + "digest=" + digest);
    }

    private static long pieceSize(@Nullable String smallest) {
        try {
            return Math.clamp(smallest == null ? 0 : Long.parseLong(smallest), PIECE, LARGEST_PIECE);
        } catch (NumberFormatException _) {
            return PIECE;
        }
    }
}
