package dev.gantry.e2e.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// A directory of the host that a test makes, and removes with all that is in it.
record TemporaryDirectory(Path path) implements AutoCloseable {
    static TemporaryDirectory create() throws IOException {
        return new TemporaryDirectory(Files.createTempDirectory("gantry-files"));
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    /// Writes a file, with the directories above it.
    Path write(String name, String content) throws IOException {
        Path file = path.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
