package dev.gantry.engine.host;

import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.EngineException.Failed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/// The engine's durable directory, which one engine owns at a time.
record DataRoot(Path directory, RootLock lock) implements AutoCloseable {
    /// Types of file systems that the kernel does not take for an overlay's upper directory (filesystems/overlayfs.rst,
    /// "Upper and Lower"): it needs whiteouts, `trusted.` attributes, and a type for each entry of a directory.
    private static final Set<String> WITHOUT_OVERLAYS = Set.of("overlay", "ecryptfs", "nfs", "nfs4", "vfat", "exfat");

    /// Makes the directory if it is missing, and takes it.
    ///
    /// @throws Conflict when another engine has it
    /// @throws Failed when its file system cannot hold what containers write
    static DataRoot take(Path directory) throws IOException {
        RootLock.make(directory);
        requireOverlays(directory);
        RootLock lock = RootLock.take(directory)
                .orElseThrow(() -> new Conflict("data root " + directory
                        + " is in use by another daemon: give this one its own --data-root and --exec-root"));
        DataRoot root = new DataRoot(directory, lock);
        RootLock.make(root.containers());
        return root;
    }

    private static void requireOverlays(Path directory) throws IOException {
        String type = Files.getFileStore(directory).type();
        if (WITHOUT_OVERLAYS.contains(type)) {
            throw new Failed(
                    "data root " + directory + " lies on " + type + ", on which the kernel mounts no overlay for a"
                            + " container: choose a --data-root on ext4, xfs, btrfs or tmpfs");
        }
    }

    Path containers() {
        return directory.resolve("containers");
    }

    Path volumes() {
        return directory.resolve("volumes");
    }

    Path images() {
        return directory.resolve("images");
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
