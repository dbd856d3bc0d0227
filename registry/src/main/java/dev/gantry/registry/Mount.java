package dev.gantry.registry;

import dev.gantry.oci.Digest;
import dev.gantry.registry.http.Answer;
import dev.gantry.registry.http.Call;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Lets a registry take a blob over from another of its repositories.
final class Mount {
    private Mount() {}

    /// False if the registry wants to have the blob sent, whatever its reason.
    static boolean attempt(Endpoint endpoint, Digest digest, String fromRepository) throws IOException {
        Call call = endpoint.call(
                "POST",
                "blobs/uploads/?mount=%s&from=%s".formatted(encoded(digest.toString()), encoded(fromRepository)));
        URI started;
        try (Answer answer = endpoint.send(call, fromRepository)) {
            if (answer.status() == 201) {
                Upload.checkDigest(digest, answer);
                return true;
            }
            if (answer.status() == 429 || answer.status() >= 500) {
                throw endpoint.refusal(answer, null);
            }
            if (answer.status() != 202) {
                return false;
            }
            started = endpoint.location(answer);
        }
        // the registry has begun an upload instead
        try (Answer _ = endpoint.send(Call.of("DELETE", started))) {
            return false;
        } catch (RegistryException _) {
            // it ends uploads that nobody goes on with
            return false;
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
