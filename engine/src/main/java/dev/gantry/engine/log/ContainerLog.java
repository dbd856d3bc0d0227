package dev.gantry.engine.log;

import dev.gantry.engine.EngineException;
import dev.gantry.engine.LogOptions;
import dev.gantry.engine.LogReader;
import dev.gantry.engine.StreamType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A container's log: written while the container runs, read at any time.
///
/// What a full disk keeps from being written is dropped, counted and reported; it never holds the container up.
public final class ContainerLog {
    private static final System.Logger LOGGER = System.getLogger(ContainerLog.class.getName());

    private final LogSettings settings;
    private final LogFiles files;
    private final LineSplitter stdout = new LineSplitter((bytes, offset, length, complete) ->
            record(StreamType.STDOUT, new LogRecord.Text(bytes, offset, length, complete)));
    private final LineSplitter stderr = new LineSplitter((bytes, offset, length, complete) ->
            record(StreamType.STDERR, new LogRecord.Text(bytes, offset, length, complete)));
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable FileChannel channel;
    private ByteArrayOutputStream batch = new ByteArrayOutputStream(0);
    private long size;
    private long dropped;

    /// @param file the current file; rotated ones are its siblings `.1`, `.2`, …
    public ContainerLog(Path file, LogSettings settings) {
        this.settings = settings;
        this.files = new LogFiles(file, Math.max(1, settings.maxFiles()));
    }

    /// Whether there is something to read back.
    public boolean readable() {
        return settings.enabled();
    }

    /// Begins writing where the log ends. Idempotent.
    public void open() throws IOException {
        lock.lock();
        try {
            if (!settings.enabled() || channel != null) {
                return;
            }
            channel = files.openForAppending();
            size = channel.size();
            files.live(true);
        } finally {
            lock.unlock();
        }
    }

    /// Records output.
    public void write(StreamType stream, byte[] bytes, int offset, int length) {
        if (!settings.enabled()) {
            return;
        }
        lock.lock();
        try {
            splitter(stream).write(bytes, offset, length);
            flush();
        } finally {
            lock.unlock();
        }
    }

    /// The container has ended: what has no line feed yet is recorded, followers reach their end. Idempotent.
    public void close() {
        lock.lock();
        try {
            stdout.end();
            stderr.end();
            flush();
            if (channel != null) {
                channel.close();
                channel = null;
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "closing the log " + files.current(), e);
        } finally {
            files.live(false);
            lock.unlock();
        }
    }

    /// A reader of what was recorded, and with `follow` of what will be until the container ends.
    ///
    /// @param terminal told to the reader's user
    /// @throws EngineException.Unsupported with the driver `none`
    public LogReader reader(LogOptions options, boolean terminal) {
        if (!settings.enabled()) {
            throw new EngineException.Unsupported("configured logging driver does not support reading");
        }
        return new JsonLogReader(files, options, terminal);
    }

    private LineSplitter splitter(StreamType stream) {
        return switch (stream) {
            case STDOUT -> stdout;
            case STDERR -> stderr;
        };
    }

    private void record(StreamType stream, LogRecord.Text text) {
        LogRecord.write(batch, stream, text, settings.attributes(), Instant.now());
        if (settings.maxSize() > 0 && size + batch.size() >= settings.maxSize()) {
            flush();
        }
    }

    private void flush() {
        if (batch.size() == 0) {
            return;
        }
        byte[] records = batch.toByteArray();
        batch = new ByteArrayOutputStream(0);
        FileChannel out = channel;
        if (out == null) {
            return;
        }
        try {
            append(out, records);
        } catch (IOException e) {
            drop(out, e);
        }
    }

    private void append(FileChannel out, byte[] records) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(records);
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
        size += records.length;
        if (dropped > 0) {
            LOGGER.log(Level.WARNING, "the log {0} is written again; {1} batches were lost", files.current(), dropped);
            dropped = 0;
        }
        if (settings.maxSize() > 0 && size >= settings.maxSize()) {
            out.close();
            channel = null;
            files.rotate();
            channel = files.openForAppending();
            size = 0;
        }
        files.grown();
    }

    private void drop(FileChannel out, IOException cause) {
        if (dropped++ == 0) {
            LOGGER.log(Level.WARNING, "the log " + files.current() + " loses output", cause);
        }
        try {
            if (out.isOpen()) {
                // no half record stays
                out.truncate(size);
            }
            if (channel == null) {
                channel = FileChannel.open(
                        files.current(),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.APPEND);
                size = channel.size();
            }
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "the log " + files.current(), e);
        }
    }
}
