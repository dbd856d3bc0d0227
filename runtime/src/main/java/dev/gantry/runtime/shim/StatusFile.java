package dev.gantry.runtime.shim;

import dev.gantry.runtime.program.part.ExitRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Where a shim writes how its process has ended.
public final class StatusFile {
    private final Path path;
    private final boolean kept;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable ExitRecord record;

    /// @param kept whether the file outlives the shim
    public StatusFile(Path path, boolean kept) {
        this.path = path;
        this.kept = kept;
    }

    Path path() {
        return path;
    }

    /// The record; empty while the process runs, and for ever if the shim was killed.
    public Optional<ExitRecord> read() throws IOException {
        lock.lock();
        try {
            if (record == null) {
                byte[] content = Files.readAllBytes(path);
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
        if (!kept) {
            Files.deleteIfExists(path);
        }
    }
}
