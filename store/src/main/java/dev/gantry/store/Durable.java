package dev.gantry.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/// Writes that survive a power cut: of the store's own files, and of state that others keep beside it.
public final class Durable {
    private Durable() {}

    /// Replaces a file: a reader, and the next start, see the old content or the new one.
    ///
    /// @param temporary where the new content is written first, on the same file system; what is there is written
    ///     over, so that the space which it has is enough for as much
    public static void replace(Path file, Path temporary, byte[] content) throws IOException {
        try {
            write(temporary, content);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(temporary); // on a full disk it takes the space that others need
            throw e;
        }
        syncDirectory(parent(file));
    }

    /// Writes a file and syncs its content.
    public static void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.truncate(content.length);
            channel.force(true);
        }
    }

    /// Makes the names in a directory durable (fsync(2): syncing a file does not sync its name).
    public static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Makes a directory with this mode if it is missing.
    static void directory(Path directory, String permissions) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            syncDirectory(parent(directory));
        }
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
    }

    /// The directory that a file lies in.
    static Path parent(Path file) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException(file + " has no parent");
        }
        return parent;
    }
}
