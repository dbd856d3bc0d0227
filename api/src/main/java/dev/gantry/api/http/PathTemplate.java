package dev.gantry.api.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A path with variables: `/containers/{name}/json`, or `/images/{name*}/json`, where a star takes one segment or
/// more (image names contain slashes). At most one variable has a star.
public final class PathTemplate {
    private final String text;
    private final List<String> segments;

    private PathTemplate(String text) {
        this.text = text;
        this.segments = split(text);
    }

    /// A template from its text.
    public static PathTemplate of(String text) {
        return new PathTemplate(text);
    }

    /// The variables' values, or empty when the path (decoded segments) does not match.
    Optional<Map<String, String>> match(List<String> path) {
        int extra = path.size() - segments.size();
        if (extra < 0) {
            return Optional.empty();
        }
        Map<String, String> variables = new TreeMap<>();
        int at = 0;
        for (String segment : segments) {
            int taken = segment.endsWith("*}") ? 1 + extra : 1;
            if (at + taken > path.size()) {
                return Optional.empty();
            }
            String value = String.join("/", path.subList(at, at + taken));
            if (segment.startsWith("{")) {
                variables.put(segment.substring(1, segment.length() - (segment.endsWith("*}") ? 2 : 1)), value);
            } else if (!segment.equals(value)) {
                return Optional.empty();
            }
            at += taken;
        }
        return at == path.size() ? Optional.of(variables) : Optional.empty();
    }

    /// The segments of a path; empty ones (doubled or trailing slashes) are dropped, as dockerd's redirects do.
    static List<String> split(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/", -1)) {
            if (!segment.isEmpty()) {
                segments.add(segment);
            }
        }
        return segments;
    }

    @Override
    public String toString() {
        return text;
    }
}
