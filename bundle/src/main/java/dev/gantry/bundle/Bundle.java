package dev.gantry.bundle;

import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.runtime.Root;
import dev.gantry.oci.runtime.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// A directory with a configuration and a root file system; runtime-spec, bundle.md.
record Bundle(Path directory, Spec spec) {
    static final String CONFIGURATION = "config.json";

    static Bundle read(Path directory) throws IOException, CommandException {
        Path absolute = directory.toAbsolutePath().normalize();
        Path file = absolute.resolve(CONFIGURATION);
        if (!Files.isDirectory(absolute)) {
            throw new CommandException("bundle " + absolute + ": no such file or directory");
        }
        try {
            return new Bundle(absolute, Json.read(Files.readAllBytes(file), Spec.class));
        } catch (NoSuchFileException _) {
            throw new CommandException("JSON specification file " + file + " not found");
        } catch (MalformedException e) {
            throw new CommandException(file + ": " + e.getMessage());
        }
    }

    /// The root file system.
    Path root() throws CommandException {
        Root root = spec.root();
        if (root == null || root.path().isEmpty()) {
            throw new CommandException("root.path is missing in " + directory.resolve(CONFIGURATION));
        }
        return directory.resolve(root.path()).normalize();
    }
}
