package dev.gantry.engine.remote;

import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.Filters;
import dev.gantry.engine.RemoteRegistries.SearchRequest;
import dev.gantry.engine.view.FoundImage;
import dev.gantry.registry.RegistryClient;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/// Asks a registry's index, and sorts out what the filters do not want, which no index does.
final class Search {
    private static final Set<String> FILTERS = Set.of("is-automated", "is-official", "stars");
    private static final int DEFAULT_LIMIT = 25;
    private static final int MOST = 100;

    private final RegistryClient client;
    private final SearchRequest request;
    private final int limit;
    private final int stars;

    /// @throws Invalid if the limit or a filter is none
    Search(RegistryClient client, SearchRequest request) {
        this.client = client;
        this.request = request;
        request.filters().requireOnly(FILTERS);
        if (request.term().contains("://")) {
            throw new Invalid(
                    "invalid repository name: repository name (%s) should not have a scheme".formatted(request.term()));
        }
        this.limit = request.limit() == null || request.limit() == 0 ? DEFAULT_LIMIT : request.limit();
        if (limit < 1 || limit > MOST) {
            throw new Invalid("limit %d is outside the range of [1, %d]".formatted(limit, MOST));
        }
        this.stars = stars(request.filters());
    }

    private static int stars(Filters filters) {
        int most = 0;
        for (String text : filters.get("stars")) {
            try {
                most = Math.max(most, Integer.parseInt(text));
            } catch (NumberFormatException e) {
                throw new Invalid("invalid filter 'stars=" + text + "'", e);
            }
        }
        return most;
    }

    List<FoundImage> run() throws IOException {
        return client.search(request.term(), limit, HostRegistries.credentials(request.login())).stream()
                .filter(this::isWanted)
                .map(each -> new FoundImage(
                        each.stars(), each.official(), each.name(), each.automated(), each.description()))
                .toList();
    }

    private boolean isWanted(RegistryClient.FoundImage found) {
        Filters filters = request.filters();
        return found.stars() >= stars
                && (!filters.has("is-official") || filters.isTrue("is-official", false) == found.official())
                && (!filters.has("is-automated") || filters.isTrue("is-automated", false) == found.automated());
    }
}
