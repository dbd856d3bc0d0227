package dev.gantry.engine.host;

import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.EngineException.Failed;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The engine's durable directory, which one engine owns at a time.
///
/// Others may pass through it to what they are meant to reach, and list nothing (moby CVE-2021-41091, containerd
/// CVE-2024-25621).
record DataRoot(Path directory, FileChannel lock) implements AutoCloseable {
    private static final String PASSABLE = "rwx--x--x";

    /// Types of file systems that the kernel does not take for an overlay's upper directory (filesystems/overlayfs.rst,
    /// "Upper and Lower"): it needs whiteouts, `trusted.` attributes, and a type for each entry of a directory.
    private static final Set<String> WITHOUT_OVERLAYS = Set.of("overlay", "ecryptfs", "nfs", "nfs4", "vfat", "exfat");

    /// Makes the directory if it is missing, and takes it.
    ///
    /// @throws Conflict when another engine has it
    /// @throws Failed when its file system cannot hold what containers write
    static DataRoot take(Path directory) throws IOException {
        make(directory);
        requireOverlays(directory);
        FileChannel channel = FileChannel.open(
                directory.resolve("lock"),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        if (!isTaken(channel)) {
            channel.close();
            throw new Conflict(
                    "data root " + directory + " is in use by another daemon: give this one its own" + " --data-root");
        }
        DataRoot root = new DataRoot(directory, channel);
        make(root.containers());
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

    private static boolean isTaken(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException _) {
            // by another engine of this process
            return false;
        }
    }

    private static void make(Path directory) throws IOException {
        var mode = PosixFilePermissions.fromString(PASSABLE);
        Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(mode));
        Files.setPosixFilePermissions(directory, mode);
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
