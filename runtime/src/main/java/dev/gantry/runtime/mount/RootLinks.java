package dev.gantry.runtime.mount;

import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.FileType;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.SafeDirectory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Follows the symbolic links of a container's root by their words, also to what is not there.
///
/// Nothing is opened by what this finds out: an image that changes it meanwhile gets directories of its own, in its own
/// root. Not thread-safe; what was looked at is remembered.
public final class RootLinks {
    /// As many as the kernel follows, path_resolution(7).
    private static final int MOST_LINKS = 40;
    /// The program has code for each component, and room for some thousands.
    private static final int MOST_COMPONENTS = 100;

    private final SafeDirectory root;
    private final Map<String, Optional<String>> targets = new HashMap<>();

    public RootLinks(SafeDirectory root) {
        this.root = root;
    }

    /// The path without links that a path stands for; empty if it has no link, or more than anybody needs.
    public Optional<String> follow(String path) {
        try {
            return followed(path);
        } catch (KernelException _) {
            return Optional.empty(); // the program meets the same, and says so
        }
    }

    private Optional<String> followed(String path) throws KernelException {
        Deque<String> left = new ArrayDeque<>();
        push(path, left);
        List<String> found = new ArrayList<>();
        int links = 0;
        while (!left.isEmpty()) {
            String name = left.pop();
            if (name.equals("..")) {
                if (!found.isEmpty()) {
                    found.removeLast();
                }
                continue;
            }
            found.add(name);
            Optional<String> target = target(String.join("/", found));
            if (target.isPresent()) {
                links++;
                found.removeLast();
                if (target.get().startsWith("/")) {
                    found.clear();
                }
                push(target.get(), left);
            }
            if (links > MOST_LINKS || found.size() + left.size() > MOST_COMPONENTS) {
                return Optional.empty();
            }
        }
        return links == 0 ? Optional.empty() : Optional.of("/" + String.join("/", found));
    }

    private static void push(String path, Deque<String> left) {
        List<String> names = new ArrayList<>(List.of(path.split("/", -1)));
        names.removeIf(each -> each.isEmpty() || each.equals("."));
        Collections.reverse(names);
        names.forEach(left::push);
    }

    /// What a link says; empty for everything else, and for nothing.
    private Optional<String> target(String path) throws KernelException {
        Optional<String> known = targets.get(path);
        if (known == null) {
            Optional<FileStatus> status = root.findStatusNoFollow(path);
            boolean link =
                    status.filter(each -> each.type() == FileType.SYMLINK).isPresent();
            known = link ? Optional.of(root.readSymlink(path)) : Optional.empty();
            targets.put(path, known);
        }
        return known;
    }
}
