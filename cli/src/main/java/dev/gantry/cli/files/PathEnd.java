package dev.gantry.cli.files;

import java.util.ArrayDeque;
import java.util.Deque;

/// How Docker takes paths apart: what a path says at its end (a slash, or `/.`) decides what is copied where.
final class PathEnd {
    private PathEnd() {}

    /// Whether it ends in `.` as a component.
    static boolean isHere(String path) {
        return path.equals(".") || path.endsWith("/.");
    }

    /// Whether it says that it is a directory.
    static boolean isDirectory(String path) {
        return path.endsWith("/") || isHere(path);
    }

    /// Without `.`, `..` and double slashes, as Go's `filepath.Clean`.
    static String clean(String path) {
        boolean absolute = path.startsWith("/");
        Deque<String> names = new ArrayDeque<>();
        for (String name : path.split("/", -1)) {
            if (name.equals("..")
                    && (absolute || (!names.isEmpty() && !names.getLast().equals("..")))) {
                String _ = names.pollLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        String clean = (absolute ? "/" : "") + String.join("/", names);
        return clean.isEmpty() ? "." : clean;
    }

    /// Cleaned, but with its end.
    static String cleanWithEnd(String path) {
        String clean = clean(path);
        if (isHere(path) && !isHere(clean)) {
            return clean.endsWith("/") ? clean + "." : clean + "/.";
        }
        return path.endsWith("/") && !clean.endsWith("/") ? clean + "/" : clean;
    }

    /// The last component: `.` where it ends so, `/` of the root.
    static String base(String path) {
        if (isHere(path)) {
            return ".";
        }
        String clean = clean(path);
        return clean.equals("/") ? "/" : clean.substring(clean.lastIndexOf('/') + 1);
    }

    /// What is in front of the last component; of a path that ends in `/.`, the path.
    static String directory(String path) {
        String clean = clean(path);
        if (isHere(path)) {
            return clean;
        }
        int slash = clean.lastIndexOf('/');
        return slash < 0 ? "." : slash == 0 ? "/" : clean.substring(0, slash);
    }

    /// A path as seen from the directory of another one.
    static String beside(String path, String link) {
        return clean(link.startsWith("/") ? link : directory(path) + "/" + link);
    }

    /// The end of one path on another one, which was cleaned.
    static String withEndOf(String asked, String resolved) {
        String path = isHere(asked) && !isHere(resolved) ? resolved + "/." : resolved;
        return asked.endsWith("/") && !path.endsWith("/") ? path + "/" : path;
    }
}
