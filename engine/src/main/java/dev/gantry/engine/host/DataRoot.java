package dev.gantry.engine.host;

import dev.gantry.engine.EngineException.Conflict;
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

    /// Makes the directory if it is missing, and takes it.
    ///
    /// @throws Conflict when another engine has it
    static DataRoot take(Path directory) throws IOException {
        make(directory);
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
