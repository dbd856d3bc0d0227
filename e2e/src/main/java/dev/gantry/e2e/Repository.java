package dev.gantry.e2e;

import java.nio.file.Files;
import java.nio.file.Path;

/// Where the tree under test lies: the nearest directory above the working directory that holds the Maven wrapper.
public final class Repository {
    private Repository() {}

    public static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("mvnw"))) {
            Path parent = directory.getParent();
            if (parent == null) {
                throw new IllegalStateException(
                        "no repository above " + Path.of("").toAbsolutePath());
            }
            directory = parent;
        }
        return directory;
    }

    /// The `gantry` command of this tree.
    public static Path gantry() {
        return root().resolve("gantry");
    }
}
