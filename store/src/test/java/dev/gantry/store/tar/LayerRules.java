package dev.gantry.store.tar;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Which entries no layer may have, whatever comes before them; written without a look at what the extractor does.
final class LayerRules {
    private static final int PATH_MAX = 4096;

    private LayerRules() {}

    static boolean refuse(TarEntry entry) {
        String name = entry.name();
        if (name.length() > PATH_MAX) {
            return true;
        }
        Deque<String> path = new ArrayDeque<>();
        for (String each : name.split("/+", -1)) {
            if (!each.equals("..")) {
                boolean here = each.isEmpty() || each.equals(".");
                path.addAll(here ? List.of() : List.of(each));
            } else if (path.pollLast() == null && !name.startsWith("/")) {
                return true; // above the root
            }
        }
        if (path.isEmpty()) {
            return entry.type() != TarEntry.Type.DIRECTORY;
        }
        String last = path.getLast();
        if (last.startsWith(".wh.")) {
            return last.matches("\\.wh\\.\\.{0,2}");
        }
        int target = entry.linkName().length();
        return entry.type() == TarEntry.Type.SYMLINK && (target == 0 || target >= PATH_MAX);
    }
}
