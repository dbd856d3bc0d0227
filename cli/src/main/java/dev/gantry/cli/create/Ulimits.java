package dev.gantry.cli.create;

import dev.gantry.cli.json.JsonValue;
import java.util.List;
import java.util.TreeMap;

/// `--ulimit NAME=SOFT[:HARD]`
final class Ulimits {
    private static final List<String> NAMES = List.of(
            "core",
            "cpu",
            "data",
            "fsize",
            "locks",
            "memlock",
            "msgqueue",
            "nice",
            "nofile",
            "nproc",
            "rss",
            "rtprio",
            "rttime",
            "sigpending",
            "stack");

    private Ulimits() {}

    /// The limit as the create request has it.
    static JsonValue parse(String value) {
        int equals = value.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("invalid ulimit argument: " + value);
        }
        String name = value.substring(0, equals);
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException("invalid ulimit type: " + name);
        }
        String[] limits = value.substring(equals + 1).split(":", -1);
        if (limits.length > 2 || limits[0].isEmpty()) {
            throw new IllegalArgumentException("too many limit value arguments - " + value.substring(equals + 1)
                    + ", can only have up to two, `soft[:hard]`");
        }
        long soft = number(limits[0]);
        long hard = limits.length == 2 && !limits[1].isEmpty() ? number(limits[1]) : soft;
        if (hard >= 0 && (soft > hard || soft < 0)) {
            throw new IllegalArgumentException(
                    "ulimit soft limit must be less than or equal to hard limit: " + soft + " > " + hard);
        }
        return JsonValue.object()
                .put("Name", name)
                .put("Hard", hard)
                .put("Soft", soft)
                .build();
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("strconv.ParseInt: parsing \"" + text + "\": invalid syntax", e);
        }
    }

    /// All limits sorted by name; the last of a name counts.
    static JsonValue list(List<String> values) {
        TreeMap<String, JsonValue> byName = new TreeMap<>();
        values.forEach(value -> byName.put(parse(value).text("Name"), parse(value)));
        return new JsonValue.Items(List.copyOf(byName.values()));
    }
}
