package dev.gantry.engine.files;

import java.util.ArrayDeque;
import java.util.Deque;

/// A path in a container as Docker reads it: absolute, cleaned, and with what its end says of it: a slash,
/// or `/.`.
///
/// @param text such a path
record ContainerPath(String text) {
    static ContainerPath of(String path) {
        String clean = clean(path);
        boolean here = path.equals(".") || path.endsWith("/.");
        if (here) {
            return new ContainerPath(clean.endsWith("/") ? clean + "." : clean + "/.");
        }
        return new ContainerPath(path.endsWith("/") && !clean.endsWith("/") ? clean + "/" : clean);
    }

    private static String clean(String path) {
        Deque<String> names = new ArrayDeque<>();
        for (String name : path.split("/", -1)) {
            switch (name) {
                case "", "." -> {}
                case ".." -> {
                    String _ = names.pollLast();
                }
                default -> names.add(name);
            }
        }
        return "/" + String.join("/", names);
    }

    /// Its last component: `.` where it ends so, `/` of the root.
    String base() {
        String trimmed = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        return trimmed.isEmpty() ? "/" : trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }
}
