package dev.gantry.runtime.shim;

import dev.gantry.kernel.OwnedFd;
import dev.gantry.runtime.program.part.ExitRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Where a shim writes how its process has ended.
public final class StatusFile {
    private final Path path;
    private final List<Path> removed;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable ExitRecord record;

    /// @param removed what is removed when the shim has ended, in this order
    public StatusFile(Path path, List<Path> removed) {
        this.path = path;
        this.removed = List.copyOf(removed);
    }

    Path path() {
        return path;
    }

    /// The record; empty while the process runs, and for ever if the shim was killed.
    public Optional<ExitRecord> read() throws IOException {
        return read(path);
    }

    /// The same by a descriptor of the file, which somebody may have removed.
    Optional<ExitRecord> read(OwnedFd open) throws IOException {
        return read(Path.of(open.path()));
    }

    private Optional<ExitRecord> read(Path file) throws IOException {
        lock.lock();
        try {
            if (record == null) {
                byte[] content = Files.readAllBytes(file);
                record = content.length == ExitRecord.SIZE ? ExitRecord.parse(content) : null;
            }
        } catch (NoSuchFileException _) {
            // removed with the shim, before which it was read, or with the container
        } finally {
            lock.unlock();
        }
        return Optional.ofNullable(record);
    }

    /// Nothing will be written any more.
    void settle() throws IOException {
        read();
        for (Path each : removed) {
            Files.deleteIfExists(each);
        }
    }
}
