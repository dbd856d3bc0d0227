package dev.gantry.engine.log;

import dev.gantry.kernel.JournalFile;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.PolledInput;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// One stream's output between the pipe and the log. For one thread at a time.
///
/// It holds at most what is not recorded yet, a line of the greatest length and one reading: space in front of that
/// is given back.
public final class OutputJournal implements AutoCloseable {
    private static final int PAGE = 4096;
    private static final int RELEASED_AT_ONCE = 1024 * 1024;

    private final Path path;
    private final Preparation preparation;
    private @Nullable JournalFile file;
    private @Nullable KernelException unusable;
    private long recorded;
    private long end;
    private long released;

    /// Makes the directory.
    interface Preparation {
        void run() throws IOException;
    }

    OutputJournal(Path path, Preparation preparation) {
        this.path = path;
        this.preparation = preparation;
    }

    /// Goes on with a file that is there.
    void reopen() throws IOException {
        JournalFile opened = JournalFile.open(path);
        file = opened;
        end = opened.size();
    }

    /// Sets how much is in the log.
    void recorded(long position) {
        recorded = position;
        released = position & -PAGE;
    }

    /// Whether there was output.
    public boolean isOpen() {
        return file != null;
    }

    /// What is in front of this position is in the log.
    public long recorded() {
        return recorded;
    }

    /// The position behind the last byte.
    public long end() {
        return end;
    }

    /// Takes what there is from a process, at most so many bytes. Does not wait.
    ///
    /// @return bytes taken; zero when there are none now; -1 at the end
    /// @throws IOException where there is no space for them: the process still has them
    public int take(PolledInput source, int length) throws IOException {
        if (unusable != null) {
            throw unusable;
        }
        JournalFile to = file;
        if (to == null) {
            preparation.run();
            to = JournalFile.open(path);
            file = to;
        }
        int moved = source.moveTo(to, end, length);
        end += Math.max(moved, 0);
        return moved;
    }

    /// Reads from a position on.
    public void read(long position, byte[] bytes, int length) throws IOException {
        JournalFile from = file;
        if (length == 0) {
            return;
        }
        if (from == null) {
            throw new IOException("output journal " + path + " is not there");
        }
        from.read(position, bytes, 0, length);
    }

    /// Notes that more is in the log; gives space back now and then.
    public void recordedUpTo(long position) {
        recorded = position;
        if (position - released >= RELEASED_AT_ONCE) {
            release(position & -PAGE);
        }
    }

    /// Gives all space back that is not needed while the process says nothing.
    public void rest() {
        // a hole that goes beyond the end frees the last page, too
        release(recorded == end ? (end + PAGE - 1) & -PAGE : recorded & -PAGE);
    }

    private void release(long upTo) {
        if (file == null || upTo <= released) {
            return;
        }
        try {
            file.release(released, upTo - released);
            // the last page is there again with the next byte
            released = Math.min(upTo, recorded & -PAGE);
        } catch (KernelException e) {
            // without holes it would grow without end
            unusable = e;
        }
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
