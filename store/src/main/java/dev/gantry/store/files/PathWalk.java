package dev.gantry.store.files;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.FileType;
import dev.gantry.kernel.KernelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/// Resolves one path, component by component. The way back (`..`) is the descriptors that led here, so that
/// a directory that is moved meanwhile leads nowhere else.
final class PathWalk implements AutoCloseable {
    /// As many links as Docker follows.
    private static final int MOST_LINKS = 255;

    /// More components than fit into a path (`PATH_MAX`) come from links only.
    private static final int MOST_COMPONENTS = 4096;

    private final MountedTree tree;
    private final Deque<Node> way = new ArrayDeque<>();
    private final Deque<String> ahead = new ArrayDeque<>();
    private int links;

    PathWalk(MountedTree tree) {
        this.tree = tree;
    }

    Node run(String path, boolean followLast) throws KernelException {
        begin(path);
        while (!ahead.isEmpty()) {
            step(ahead.remove(), followLast, path);
        }
        return way.remove();
    }

    String canonical(String path) throws KernelException {
        begin(path);
        while (!ahead.isEmpty()) {
            String name = ahead.remove();
            try {
                step(name, true, path);
            } catch (KernelException e) {
                if (!e.errno().equals(Errno.ENOENT)) {
                    throw e;
                }
                return lexical(name);
            }
        }
        return absolute(way.element().path());
    }

    private String lexical(String missing) {
        Deque<String> names =
                new ArrayDeque<>(Arrays.asList(way.element().path().split("/")));
        List<String> rest = new ArrayList<>(List.of(missing));
        rest.addAll(ahead);
        for (String name : rest) {
            if (name.equals("..")) {
                names.pollLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        names.removeIf(String::isEmpty);
        return "/" + String.join("/", names);
    }

    private static String absolute(String path) {
        return path.isEmpty() ? "/" : path;
    }

    private void begin(String path) throws KernelException {
        way.push(tree.root());
        ahead.addAll(components(path));
    }

    /// A slash at the end stays, as a component without a name: what is in front of it is a directory.
    private static List<String> components(String path) {
        return Arrays.asList(path.split("/+", -1));
    }

    private void step(String name, boolean followLast, String path) throws KernelException {
        Node here = way.element();
        if (!here.isDirectory()) {
            throw new KernelException("path", path, Errno.ENOTDIR);
        }
        switch (name) {
            case "", "." -> {}
            case ".." -> {
                if (way.size() > 1) {
                    way.remove().close();
                }
            }
            default -> enter(here.child(name), followLast, path);
        }
    }

    private void enter(Node child, boolean followLast, String path) throws KernelException {
        boolean follow = child.status().type() == FileType.SYMLINK && (followLast || !ahead.isEmpty());
        if (!follow) {
            way.push(child);
            return;
        }
        String target;
        try (child) {
            target = child.linkTarget();
        }
        List<String> components = components(target);
        if (++links > MOST_LINKS || ahead.size() + components.size() > MOST_COMPONENTS) {
            throw new KernelException("path", path, Errno.ELOOP);
        }
        if (target.startsWith("/")) {
            while (way.size() > 1) {
                way.remove().close();
            }
        }
        components.reversed().forEach(ahead::push);
    }

    @Override
    public void close() {
        way.forEach(Node::close);
    }
}
