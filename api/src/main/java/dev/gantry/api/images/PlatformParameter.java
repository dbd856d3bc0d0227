package dev.gantry.api.images;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.api.http.Exchange;
import dev.gantry.api.http.HttpFailure;
import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.Platform;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Platforms in a query: each a JSON document as in an image index.
final class PlatformParameter {
    private PlatformParameter() {}

    private record Document(
            @JsonProperty("os") @Nullable String os,
            @JsonProperty("architecture") @Nullable String architecture,
            @JsonProperty("variant") @Nullable String variant) {}

    /// Null when the parameter is absent.
    static @Nullable Platform one(Exchange exchange, String name) {
        String text = exchange.query().textOrNull(name);
        return text == null ? null : parse(text);
    }

    static List<Platform> all(Exchange exchange, String name) {
        return exchange.query().all(name).stream()
                .filter(text -> !text.isEmpty())
                .map(PlatformParameter::parse)
                .toList();
    }

    private static Platform parse(String text) {
        try {
            Document document = Json.read(text.getBytes(StandardCharsets.UTF_8), Document.class);
            String os = document.os;
            String architecture = document.architecture;
            if (os == null || os.isEmpty() || architecture == null || architecture.isEmpty()) {
                throw HttpFailure.badRequest("both OS and Architecture must be provided");
            }
            return Platform.of(os, architecture, document.variant).normalised();
        } catch (MalformedException e) {
            throw HttpFailure.badRequest("failed to parse platform: " + e.getMessage());
        }
    }
}
