package dev.gantry.engine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The files of one log. Each has a number that it keeps when it is renamed: readers go by numbers, so that a rotation
/// under their hands does not confuse them.
final class LogFiles {
    private final Path current;
    private final int kept;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long number;
    /// Of the current file while it is written: what is behind it is half a write.
    private long size;
    private long growth;
    private boolean live;
    private Cut cut = new Cut(0, -1, 0);

    LogFiles(Path current, int kept) {
        this.current = current;
        this.kept = kept;
    }

    /// A place to go on reading from.
    ///
    /// @param number of the file
    record Position(long number, long offset) {}

    /// Somebody else has shortened a file that was being written.
    ///
    /// @param count of times
    /// @param number of the file
    /// @param offset where it goes on
    record Cut(long count, long number, long offset) {}

    Path current() {
        return current;
    }

    /// The current file, made if it is missing. What is written comes at its end, wherever that is: people empty
    /// logs.
    FileChannel openForAppending() throws IOException {
        return create(current);
    }

    /// The current file, to be read and cut.
    FileChannel openForCutting() throws IOException {
        return FileChannel.open(current, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static FileChannel create(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
    }

    /// Begins a new file with a write, and renames the others; the oldest goes. A kill leaves either the old files or
    /// the new ones: what the last record says of the journals is never missing.
    FileChannel rotate(ByteBuffer content) throws IOException {
        try {
            return begin(content);
        } catch (IOException e) {
            // on a full disk the oldest file, which goes anyway, makes room
            if (kept == 1 || !Files.deleteIfExists(path(kept - 1))) {
                throw e;
            }
            return begin(content.rewind());
        }
    }

    private FileChannel begin(ByteBuffer content) throws IOException {
        Path next = next();
        // one that is there was never finished
        Files.deleteIfExists(next);
        FileChannel channel = create(next);
        boolean done = false;
        try {
            while (content.hasRemaining()) {
                int _ = channel.write(content);
            }
            rename(next, channel.size());
            done = true;
            return channel;
        } finally {
            if (!done) {
                channel.close();
                Files.deleteIfExists(next);
            }
        }
    }

    private void rename(Path next, long content) throws IOException {
        lock.lock();
        try {
            for (int i = kept - 1; i > 0; i--) {
                Path from = path(i - 1);
                if (Files.exists(from)) {
                    Files.move(from, path(i), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
                }
            }
            Files.move(next, current, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            number++;
            size = content;
            wake();
        } finally {
            lock.unlock();
        }
    }

    private Path next() {
        return current.resolveSibling(current.getFileName() + ".new");
    }

    /// A write to the current file is there in full.
    ///
    /// @param now the size of the file
    /// @param written the length of the write
    void grown(long now, long written) {
        lock.lock();
        try {
            if (now < size + written) {
                cut = new Cut(cut.count() + 1, number, Math.max(0, now - written));
            }
            size = now;
            wake();
        } finally {
            lock.unlock();
        }
    }

    /// The last time that somebody else has shortened the log while it was written.
    Cut cut() {
        lock.lock();
        try {
            return cut;
        } finally {
            lock.unlock();
        }
    }

    /// Wakes followers, so that they look around.
    void wake() {
        lock.lock();
        try {
            growth++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The log is being written from now on.
    ///
    /// @param now the size of the current file
    void opened(long now) {
        lock.lock();
        try {
            size = now;
            live = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The log is not written any more.
    void closed() {
        lock.lock();
        try {
            live = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isLive() {
        lock.lock();
        try {
            return live;
        } finally {
            lock.unlock();
        }
    }

    /// Where the log ends now; while it is written, behind its last write that is there in full.
    Position end() {
        lock.lock();
        try {
            // zero where there is no file
            return new Position(number, live ? size : current.toFile().length());
        } finally {
            lock.unlock();
        }
    }

    /// The numbers of the files that are there, oldest first.
    List<Long> numbers() {
        lock.lock();
        try {
            var numbers = new ArrayList<Long>();
            for (int i = kept - 1; i >= 0; i--) {
                if (Files.exists(path(i))) {
                    numbers.add(number - i);
                }
            }
            return numbers;
        } finally {
            lock.unlock();
        }
    }

    /// Opens a file by its number; null when it is gone.
    @Nullable
    FileChannel open(long wanted) throws IOException {
        lock.lock();
        try {
            long index = number - wanted;
            return index < 0 || index >= kept ? null : FileChannel.open(path((int) index), StandardOpenOption.READ);
        } catch (NoSuchFileException _) {
            return null;
        } finally {
            lock.unlock();
        }
    }

    /// The oldest file after the one with this number; null when that is the current one.
    @Nullable
    Long next(long after) {
        lock.lock();
        try {
            return numbers().stream()
                    .filter(candidate -> candidate > after)
                    .findFirst()
                    .orElse(null);
        } finally {
            lock.unlock();
        }
    }

    /// A mark to be given to [#awaitChange]; take it before reading.
    long mark() {
        lock.lock();
        try {
            return growth;
        } finally {
            lock.unlock();
        }
    }

    /// Parks until something was written since the mark, or the log is not written any more.
    ///
    /// @param nanos the longest time to wait
    void awaitChange(long mark, long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (live && growth == mark && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private Path path(int index) {
        return index == 0 ? current : current.resolveSibling(current.getFileName() + "." + index);
    }
}
