package dev.gantry.engine.host;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The ownership of a directory, which one engine has at a time and which ends with it, however it ends.
///
/// Others may pass through the directory to what they are meant to reach, and list nothing (moby CVE-2021-41091,
/// containerd CVE-2024-25621).
///
/// @param file which of all files is locked, whatever has its name now
record RootLock(FileChannel channel, Path path, Object file) implements AutoCloseable {
    private static final String PASSABLE = "rwx--x--x";

    /// Takes a directory; empty if another engine has it.
    static Optional<RootLock> take(Path directory) throws IOException {
        Path path = directory.resolve("lock");
        FileChannel channel = FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        if (!isTaken(channel)) {
            channel.close();
            return Optional.empty();
        }
        return Optional.of(new RootLock(channel, path, key(path)));
    }

    private static Object key(Path path) throws IOException {
        return Objects.requireNonNull(
                Files.readAttributes(path, BasicFileAttributes.class).fileKey(), "files have device and inode");
    }

    /// Whether this is still what another engine would have to lock: somebody may have removed it.
    boolean counts() throws IOException {
        try {
            return file.equals(key(path));
        } catch (NoSuchFileException _) {
            return false;
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

    /// Makes a directory that others may pass through.
    static void make(Path directory) throws IOException {
        var mode = PosixFilePermissions.fromString(PASSABLE);
        Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(mode));
        Files.setPosixFilePermissions(directory, mode);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
