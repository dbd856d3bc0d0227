package dev.gantry.bundle;

import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Root;
import dev.gantry.oci.runtime.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// A directory with a configuration and a root file system; runtime-spec, bundle.md.
///
/// @param spec with the sources of its bind mounts as absolute paths: relative ones are meant from the bundle
record Bundle(Path directory, Spec spec) {
    static final String CONFIGURATION = "config.json";

    static Bundle read(Path directory) throws IOException, CommandException {
        Path absolute = directory.toAbsolutePath().normalize();
        Path file = absolute.resolve(CONFIGURATION);
        if (!Files.isDirectory(absolute)) {
            throw new CommandException("bundle " + absolute + ": no such file or directory");
        }
        try {
            byte[] document = Files.readAllBytes(file);
            Spec spec = Json.read(document, Spec.class);
            ZeroBytes.refuse(document, "");
            return new Bundle(
                    absolute,
                    spec.withMounts(spec.mounts().stream()
                            .map(each -> resolved(each, absolute))
                            .toList()));
        } catch (NoSuchFileException _) {
            throw new CommandException("JSON specification file " + file + " not found");
        } catch (MalformedException e) {
            throw new CommandException(file + ": " + e.getMessage());
        }
    }

    private static Mount resolved(Mount mount, Path bundle) {
        String source = mount.source();
        if (source == null || source.isEmpty() || source.startsWith("/") || !mount.isBind()) {
            return mount;
        }
        return new Mount(
                mount.destination(),
                mount.type(),
                bundle.resolve(source).normalize().toString(),
                mount.options(),
                mount.uidMappings(),
                mount.gidMappings());
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
