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
    private final boolean takesMore;

    private PathTemplate(String text) {
        this.text = text;
        this.segments = split(text);
        this.takesMore = segments.stream().anyMatch(PathTemplate::isStarred);
    }

    /// A template from its text.
    public static PathTemplate of(String text) {
        return new PathTemplate(text);
    }

    /// The variables' values, or empty when the path (decoded segments) does not match.
    Optional<Map<String, String>> match(List<String> path) {
        int extra = path.size() - segments.size();
        if (extra < 0 || (extra > 0 && !takesMore)) {
            return Optional.empty();
        }
        Map<String, String> variables = new TreeMap<>();
        int at = 0;
        for (String segment : segments) {
            int taken = isStarred(segment) ? 1 + extra : 1;
            if (segment.startsWith("{")) {
                variables.put(nameOf(segment), String.join("/", path.subList(at, at + taken)));
            } else if (!segment.equals(path.get(at))) {
                return Optional.empty();
            }
            at += taken;
        }
        return Optional.of(variables);
    }

    private static boolean isStarred(String segment) {
        return segment.endsWith("*}");
    }

    private static String nameOf(String variable) {
        return variable.substring(1, variable.length() - (isStarred(variable) ? 2 : 1));
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
