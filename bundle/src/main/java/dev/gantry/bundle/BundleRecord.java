package dev.gantry.bundle;

import dev.gantry.oci.Json;
import dev.gantry.oci.runtime.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/// What is kept of a container beside the runtime's own state: the configuration as it was when it was created.
///
/// @param bundle the bundle's directory
record BundleRecord(String bundle, Instant created, Spec spec) {
    private static final String FILE = "bundle.json";

    void write(Path state) throws IOException {
        Files.write(state.resolve(FILE), Json.write(this));
    }

    static Optional<BundleRecord> read(Path state) throws IOException {
        try {
            return Optional.of(Json.read(Files.readAllBytes(state.resolve(FILE)), BundleRecord.class));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }
}
