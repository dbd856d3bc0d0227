package dev.gantry.registry;

import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.registry.RegistryClient.FoundImage;
import dev.gantry.registry.http.Answer;
import dev.gantry.registry.http.Call;
import dev.gantry.registry.protocol.SearchAnswer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Asks an index (`GET /v1/search`): what is left of Docker's first registry protocol, and nothing has replaced it.
final class Search {
    private static final int MAX_ANSWER = 4 << 20;

    private final Exchange exchange;

    Search(Exchange exchange) {
        this.exchange = exchange;
    }

    List<FoundImage> run(RegistryHost host, String term, int limit, @Nullable Credentials credentials)
            throws IOException {
        URI uri = host.known()
                .base()
                .resolve("v1/search?n=%d&q=%s".formatted(limit, URLEncoder.encode(term, StandardCharsets.UTF_8)));
        Call call = Call.of("GET", uri);
        try (Answer answer = exchange.send(
                credentials != null && credentials.hasPassword()
                        ? call.with("Authorization", Authorizer.basic(credentials))
                        : call)) {
            if (answer.status() != 200) {
                String text = "Unexpected status code %d".formatted(answer.status());
                throw answer.status() == 429
                        ? ErrorAnswers.tooManyRequests(answer, text)
                        : new RegistryException.Refused(text, answer.status());
            }
            byte[] document = Contents.read(answer, MAX_ANSWER, "search results of " + uri.getHost());
            return Json.read(document, SearchAnswer.class).results().stream()
                    .map(Search::found)
                    .toList();
        } catch (MalformedException e) {
            throw new RegistryException.Corrupt("search results of %s: %s".formatted(uri.getHost(), e.getMessage()), e);
        }
    }

    private static FoundImage found(SearchAnswer.Result result) {
        return new FoundImage(
                printable(result.name()),
                printable(result.description()),
                result.stars(),
                result.official(),
                result.automated());
    }

    // it ends up on a terminal
    private static String printable(@Nullable String text) {
        return text == null ? "" : text.replaceAll("\\p{Cc}", " ");
    }
}
