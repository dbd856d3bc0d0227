package dev.gantry.engine.log;

import dev.gantry.engine.EngineException;
import dev.gantry.engine.LogReader;
import dev.gantry.engine.StreamType;
import dev.gantry.engine.request.LogOptions;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A container's log: written while the container runs, read at any time.
///
/// Output comes from the run's journals, and each write says in its last record how far it has taken them over: so a
/// daemon that was killed loses nothing and repeats nothing. What a full disk keeps from being written is dropped,
/// counted and reported; it never holds the container up.
public final class ContainerLog {
    private static final System.Logger LOGGER = System.getLogger(ContainerLog.class.getName());

    /// The longest line that is one record. The rest of a longer one comes in records of its own, as Docker does it
    /// with 16 KiB.
    public static final int LONGEST = 1024 * 1024;

    private volatile LogSettings settings;
    private final LogFiles files;
    private volatile LogFormat format;
    private final Path journalDirectory;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable FileChannel channel;
    private @Nullable OutputJournals journals;
    private JournalMark mark = new JournalMark("0", 0, 0);
    private long size;
    private long dropped;

    /// @param file the current file; rotated ones are its siblings `.1`, `.2`, …
    /// @param journalDirectory where the journals of a run lie; made when they are, and removed with them
    public ContainerLog(Path file, LogSettings settings, Path journalDirectory) {
        this.settings = settings;
        this.files = new LogFiles(file, Math.max(1, settings.maxFiles()));
        this.format = settings.format();
        this.journalDirectory = journalDirectory;
    }

    /// The file that other programs may read, too; empty with a driver that has none.
    public String path() {
        return settings.driver() == LogDriver.JSON_FILE ? files.current().toString() : "";
    }

    /// Whether there is something to read back.
    public boolean readable() {
        return settings.enabled();
    }

    /// Takes what a change of the container's name makes of its settings: from the next run on.
    public void settings(LogSettings renamed) {
        settings = renamed;
    }

    /// Begins to write what a new run says, where the log ends. Idempotent.
    public void open() throws IOException {
        open(false);
    }

    /// Goes on with a run that an earlier daemon began: what that one left half written is cut, and what it left in
    /// the journals comes next.
    public void reopen() throws IOException {
        open(true);
    }

    private void open(boolean again) throws IOException {
        lock.lock();
        try {
            if (!settings.enabled() || channel != null) {
                return;
            }
            format = settings.format();
            journals = again ? OutputJournals.existing(journalDirectory) : OutputJournals.fresh(journalDirectory);
            channel = files.openForAppending();
            mark = recovered(journals, channel.size());
            size = channel.size();
            files.opened(size);
        } finally {
            lock.unlock();
        }
    }

    private JournalMark recovered(OutputJournals of, long length) throws IOException {
        if (of.isMade()) {
            return of.recorded(TornEnd.cutWrite(format, files));
        }
        if (length > 0) {
            TornEnd.cutRecord(format, files);
        }
        return new JournalMark(of.run(), 0, 0);
    }

    /// Records what an earlier daemon left in the journals of a run that is over. Does nothing if there are none.
    public void settle() throws IOException {
        if (!settings.enabled() || !Files.isDirectory(journalDirectory)) {
            return;
        }
        reopen();
        try {
            for (StreamType stream : StreamType.values()) {
                OutputJournal journal = journal(stream);
                byte[] rest = new byte[Math.toIntExact(journal.end() - journal.recorded())];
                journal.read(journal.recorded(), rest, rest.length);
                int _ = record(stream, rest, rest.length, journal.recorded(), true);
            }
        } finally {
            close();
        }
    }

    /// The journal through which a stream's output comes.
    ///
    /// @throws IllegalStateException unless the log is open
    public OutputJournal journal(StreamType stream) {
        lock.lock();
        try {
            OutputJournals open = journals;
            if (open == null) {
                throw new IllegalStateException("log " + files.current() + " is not open");
            }
            return open.of(stream);
        } finally {
            lock.unlock();
        }
    }

    /// Records output: its complete lines, and of a line longer than [#LONGEST] what fits.
    ///
    /// @param position of the first byte in the stream's journal; negative if it is in none
    /// @param last whether nothing follows: then also what has no line feed
    /// @return bytes recorded; the rest is to be offered again, together with what follows it
    public int record(StreamType stream, byte[] bytes, int length, long position, boolean last) {
        if (!settings.enabled()) {
            return length;
        }
        lock.lock();
        try {
            RecordBatch batch = format.batch(stream, Instant.now(), length);
            int start = 0;
            int next = batch.add(bytes, start, length, last);
            while (next > start) {
                start = next;
                advance(stream, position, start);
                if (settings.maxSize() > 0 && size + batch.out().size() >= settings.maxSize()) {
                    flush(batch);
                }
                next = start < length ? batch.add(bytes, start, length, last) : start;
            }
            flush(batch);
            return start;
        } finally {
            lock.unlock();
        }
    }

    private void advance(StreamType stream, long position, int recorded) {
        if (position >= 0) {
            mark = switch (stream) {
                case STDOUT -> new JournalMark(mark.run(), position + recorded, mark.stderr());
                case STDERR -> new JournalMark(mark.run(), mark.stdout(), position + recorded);
            };
        }
    }

    private void flush(RecordBatch batch) {
        FileChannel out = channel;
        if (batch.out().size() > 0 && out != null) {
            batch.mark(mark);
            try {
                append(out, batch.out().content());
            } catch (IOException e) {
                drop(e);
            }
        }
        batch.out().size(0);
    }

    private void append(FileChannel out, ByteBuffer content) throws IOException {
        long length = content.remaining();
        // asked again: who has emptied the file does not want the next one
        if (settings.maxSize() > 0 && size >= settings.maxSize() && out.size() >= settings.maxSize()) {
            channel = files.rotate(content);
            size = length;
            out.close();
        } else {
            write(out, content);
            size = out.size();
            files.grown(size, length);
        }
        if (dropped > 0) {
            LOGGER.log(Level.WARNING, "the log {0} is written again; {1} writes were lost", files.current(), dropped);
            dropped = 0;
        }
    }

    private void write(FileChannel out, ByteBuffer content) throws IOException {
        try {
            while (content.hasRemaining()) {
                int _ = out.write(content);
            }
        } catch (IOException e) {
            // no half record stays
            out.truncate(Math.max(0, out.size() - content.position()));
            throw e;
        }
    }

    private void drop(IOException cause) {
        if (dropped++ == 0) {
            LOGGER.log(Level.WARNING, "the log " + files.current() + " loses output", cause);
        }
    }

    /// The run has ended and its output is recorded: followers reach their end. Idempotent.
    public void close() {
        lock.lock();
        try {
            if (channel != null) {
                channel.close();
                channel = null;
            }
            if (journals != null) {
                journals.delete();
                journals = null;
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "closing the log " + files.current(), e);
        } finally {
            files.closed();
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
        return new FileLogReader(files, format, options, terminal);
    }
}
