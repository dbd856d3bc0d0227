package dev.gantry.registry;

import dev.gantry.oci.ImageReference;
import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.registry.Retry.Limits;
import dev.gantry.registry.http.Answer;
import dev.gantry.registry.http.Call;
import dev.gantry.registry.http.NextLink;
import dev.gantry.registry.http.Origin;
import dev.gantry.registry.protocol.TagList;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the list of a repository's tags, page by page.
final class TagPages {
    private static final int PAGE = 1000;
    private static final int MAX_PAGE = 4 << 20;
    private static final int MAX_TAGS = 1_000_000;

    private final Endpoint endpoint;
    private final ImageReference reference;
    private final Set<String> tags = new LinkedHashSet<>();

    TagPages(Endpoint endpoint, ImageReference reference) {
        this.endpoint = endpoint;
        this.reference = reference;
    }

    List<String> read(Limits limits) throws IOException {
        URI first = endpoint.call("GET", "tags/list?n=" + PAGE).uri();
        for (Optional<URI> next = Optional.of(first); next.isPresent(); ) {
            URI page = next.get();
            next = Retry.run(limits, () -> read(page));
        }
        return List.copyOf(tags);
    }

    /// Reads one page and gives the address of the next.
    private Optional<URI> read(URI page) throws IOException {
        try (Answer answer = endpoint.send(Call.of("GET", page))) {
            if (answer.status() != 200) {
                throw endpoint.refusal(answer, reference);
            }
            int before = tags.size();
            tags.addAll(Json.read(Contents.read(answer, MAX_PAGE, "tag list"), TagList.class)
                    .tags());
            String link = NextLink.of(answer.headerValues("Link"));
            if (link == null) {
                return Optional.empty();
            }
            // without anything new on a page the pages may go in a circle
            if (tags.size() == before || tags.size() > MAX_TAGS) {
                throw corrupt("tag list without end", null);
            }
            return Optional.of(sameOrigin(page, link));
        } catch (MalformedException e) {
            throw corrupt("tag list: " + e.getMessage(), e);
        }
    }

    private URI sameOrigin(URI page, String link) throws RegistryException {
        try {
            URI next = page.resolve(link);
            if (Origin.of(next).equals(Origin.of(page))) {
                return next;
            }
        } catch (IllegalArgumentException _) {
            // said below
        }
        throw corrupt("next page of the tag list is elsewhere: " + link, null);
    }

    private RegistryException corrupt(String problem, @Nullable Throwable cause) {
        return new RegistryException.Corrupt("%s: %s".formatted(reference.familiarName(), problem), cause);
    }
}
