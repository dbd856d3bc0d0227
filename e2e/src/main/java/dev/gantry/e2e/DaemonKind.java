package dev.gantry.e2e;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Which daemon answers: ours, or the one that decides whether a test is right.
public enum DaemonKind {
    GANTRY,
    DOCKERD;

    /// The command that starts it, without its options.
    List<String> command() {
        return switch (this) {
            case GANTRY -> List.of(Repository.gantry().toString(), "daemon");
            case DOCKERD -> List.of("dockerd", "--bridge", "none", "--iptables=false", "--ip-forward=false");
        };
    }

    /// Whether its program is there at all.
    public boolean installed() {
        return switch (this) {
            case GANTRY -> Files.isExecutable(Repository.gantry());
            case DOCKERD -> onPath("dockerd");
        };
    }

    static boolean onPath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, program))
                .anyMatch(Files::isExecutable);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
