package dev.gantry.cli.create;

import java.nio.file.Path;

/// Paths of the client's machine.
final class HostPath {
    private HostPath() {}

    /// A path that begins with a dot, made absolute; everything else is the daemon's to judge.
    static String absolute(String path) {
        return path.startsWith(".") ? Path.of(path).toAbsolutePath().normalize().toString() : path;
    }
}
