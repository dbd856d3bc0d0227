package dev.gantry.oci.image;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Environment lists of `NAME=value`.
public final class Environment {
    private Environment() {}

    /// The base list with `changes` over it, as Docker merges them: a name that is there is replaced in its place, a
    /// new one goes to the end, an entry without `=` removes the name. Entries with an empty name or a NUL are
    /// dropped: they can't be passed to a program, and must never be looked up in the daemon's own environment
    /// (CVE-2026-57231).
    public static List<String> merge(List<String> base, List<String> changes) {
        Map<String, String> entries = new LinkedHashMap<>();
        for (String entry : base) {
            if (isEntry(entry) && entry.indexOf('=') > 0) {
                entries.put(name(entry), entry);
            }
        }
        for (String entry : changes) {
            if (!isEntry(entry)) {
                continue;
            }
            if (entry.indexOf('=') < 0) {
                entries.remove(entry);
            } else {
                entries.put(name(entry), entry);
            }
        }
        return List.copyOf(entries.values());
    }

    /// The name of an entry: what is before the first `=`.
    public static String name(String entry) {
        int equals = entry.indexOf('=');
        return equals < 0 ? entry : entry.substring(0, equals);
    }

    private static boolean isEntry(String entry) {
        return !entry.isEmpty() && entry.charAt(0) != '=' && entry.indexOf('\0') < 0;
    }
}
