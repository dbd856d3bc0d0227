package dev.gantry.engine.volume;

import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.kernel.tree.TreeCopy;
import dev.gantry.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/// A volume without a name: it belongs to one container and one target in it.
///
/// @param name 64 hexadecimal digits, always the same for a container and a target
/// @param target where in the container
public record AnonymousVolume(String name, String target) {
    /// The volume of a container at a target.
    public static AnonymousVolume of(String container, String target) {
        String identity = container + " " + target;
        return new AnonymousVolume(
                Digest.of(identity.getBytes(StandardCharsets.UTF_8)).hex(), target);
    }

    /// Where the volume lies.
    public Path in(Path volumes) {
        return volumes.resolve(name);
    }

    /// The volume's directory; one that is not there yet is made with what the image has at the target.
    ///
    /// @param root the container's, before anything is mounted over the target
    public Path prepared(Path volumes, SafeDirectory root) throws IOException {
        Path directory = in(volumes);
        if (Files.isDirectory(directory)) {
            return directory;
        }
        Files.createDirectories(
                volumes, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x---")));
        String unfinished = name + ".new";
        try (SafeDirectory all = SafeDirectory.open(volumes)) {
            // what an interrupted attempt has left
            all.removeTree(unfinished);
            all.createDirectory(unfinished, 0755);
            Optional<FileStatus> present = root.findStatus(target);
            if (present.isPresent() && present.get().isDirectory()) {
                fill(all, unfinished, root, present.get());
            }
            all.rename(unfinished, name);
        }
        return directory;
    }

    private void fill(SafeDirectory all, String unfinished, SafeDirectory root, FileStatus image) throws IOException {
        try (SafeDirectory from = root.openDirectory(target);
                SafeDirectory to = all.openDirectory(unfinished)) {
            new TreeCopy(from, to).run();
        }
        all.chown(unfinished, image.uid(), image.gid());
        all.chmod(unfinished, image.mode());
    }
}
