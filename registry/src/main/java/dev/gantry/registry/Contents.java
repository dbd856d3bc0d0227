package dev.gantry.registry;

import dev.gantry.oci.MalformedException;
import dev.gantry.registry.http.Answer;
import dev.gantry.registry.http.NetworkFailure;
import java.io.IOException;

/// Reads the body of an answer that has to be small.
final class Contents {
    private Contents() {}

    /// @param subject of messages
    /// @throws MalformedException if there is more than the limit
    static byte[] read(Answer answer, int limit, String subject) throws IOException {
        byte[] content;
        try {
            content = answer.body().readNBytes(limit + 1);
        } catch (IOException e) {
            if (NetworkFailure.isInterruption(e)) {
                throw e;
            }
            throw new RegistryException.Unreachable("%s: %s".formatted(subject, e.getMessage()), e);
        }
        if (content.length > limit) {
            throw new MalformedException("more than %d bytes".formatted(limit));
        }
        return content;
    }
}
