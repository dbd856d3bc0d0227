package dev.gantry.store;

import dev.gantry.oci.ImageReference;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.Platform;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// A store in a directory of its own, and a folder for archives.
abstract class StoreFixture {
    Path scratch = Path.of("/nonexistent");
    Path root = Path.of("/nonexistent");

    @BeforeEach
    void makeDirectories() throws IOException {
        scratch = Files.createTempDirectory("gantry-store");
        root = scratch.resolve("store");
    }

    @AfterEach
    void removeDirectories() {
        Tools.deleteTree(scratch);
    }

    String shell(String line) throws IOException, InterruptedException {
        return Tools.shell(scratch, line);
    }

    static ImageReference name(String text) throws MalformedException {
        return ImageReference.parse(text).withDefaultTag();
    }

    Image importFile(ImageStore store, String file, String reference, String... changes) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(scratch.resolve(file)))) {
            return store.importTar(
                    in, new ImportOptions(name(reference), List.of(changes), "from a test", Platform.host()));
        }
    }
}
