package dev.gantry.api.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds the route of a request. The first route that matches wins, so the table's order matters where two overlap.
public final class Router {
    private final List<Route> routes;

    /// A router over a table.
    public Router(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    /// What a path leads to.
    record Match(Route route, ApiVersion version, Map<String, String> variables) {}

    /// Finds the route for a method and a still encoded path.
    ///
    /// @throws HttpFailure 400 for a version out of range (Docker's texts), 404 when nothing matches
    Match find(String method, String encodedPath) {
        List<String> path = decode(encodedPath);
        ApiVersion version = ApiVersion.NEWEST;
        Optional<ApiVersion> asked = versionOf(path);
        if (asked.isPresent()) {
            version = asked.get();
            path = path.subList(1, path.size());
        }
        Optional<Match> match = match(method, path, version);
        if (match.isEmpty()) {
            throw new HttpFailure(404, "page not found");
        }
        checkServed(version);
        return match.get();
    }

    private Optional<Match> match(String method, List<String> path, ApiVersion version) {
        for (Route route : routes) {
            // an older client than any we serve gets the text about its version, not a 404
            boolean visible = version.compareTo(route.since()) >= 0 || version.compareTo(ApiVersion.OLDEST) < 0;
            if (visible && route.method().equals(method)) {
                Optional<Map<String, String>> variables = route.path().match(path);
                if (variables.isPresent()) {
                    return Optional.of(new Match(route, version, variables.get()));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<ApiVersion> versionOf(List<String> path) {
        if (path.isEmpty() || !path.getFirst().startsWith("v")) {
            return Optional.empty();
        }
        return ApiVersion.parse(path.getFirst().substring(1));
    }

    private static void checkServed(ApiVersion version) {
        if (version.compareTo(ApiVersion.OLDEST) < 0) {
            throw HttpFailure.badRequest("client version " + version
                    + " is too old. Minimum supported API version is " + ApiVersion.OLDEST
                    + ", please upgrade your client to a newer version");
        }
        if (version.compareTo(ApiVersion.NEWEST) > 0) {
            throw HttpFailure.badRequest(
                    "client version " + version + " is too new. Maximum supported API version is " + ApiVersion.NEWEST);
        }
    }

    /// Splits after decoding: `docker.io%2Flibrary%2Fbusybox` and `docker.io/library/busybox` are the same name.
    private static List<String> decode(String encodedPath) {
        try {
            String decoded = URLDecoder.decode(encodedPath.replace("+", "%2B"), StandardCharsets.UTF_8);
            return new ArrayList<>(PathTemplate.split(decoded));
        } catch (IllegalArgumentException _) {
            throw HttpFailure.badRequest("invalid URL escape in path " + Query.quote(encodedPath));
        }
    }
}
