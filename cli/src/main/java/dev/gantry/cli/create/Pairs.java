package dev.gantry.cli.create;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `NAME=VALUE` texts as a map; a name without a value has an empty one, the last of a name counts.
final class Pairs {
    private Pairs() {}

    static Map<String, String> map(List<String> values) {
        Map<String, String> map = new LinkedHashMap<>();
        for (String value : values) {
            int equals = value.indexOf('=');
            map.put(equals < 0 ? value : value.substring(0, equals), equals < 0 ? "" : value.substring(equals + 1));
        }
        return map;
    }
}
