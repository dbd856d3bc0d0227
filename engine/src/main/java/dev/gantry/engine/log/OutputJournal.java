package dev.gantry.engine.log;

import dev.gantry.kernel.JournalFile;
import dev.gantry.kernel.PolledInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One stream's output between the pipe and the log. For one thread at a time.
///
/// It holds at most what is not recorded yet, a line of the greatest length and one reading: space in front of that
/// is given back, and says how far the journal was recorded should the log have lost its mark.
public final class OutputJournal implements AutoCloseable {
    private static final int PAGE = 4096;
    private static final int RELEASED_AT_ONCE = 1024 * 1024;

    /// Of a journal of which space was given back: zeros at its beginning are no output. Nobody executes it.
    private static final PosixFilePermission RELEASED = PosixFilePermission.OWNER_EXECUTE;

    private final Path path;
    private final Preparation preparation;
    private @Nullable JournalFile file;
    private @Nullable IOException unusable;
    private long recorded;
    private long end;
    /// What is in front of it was given back; in the page of this position, zeros instead.
    private long released;
    private boolean marked;

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

    /// Sets how much is in the log, by what that says.
    void recorded(long position) throws IOException {
        JournalFile opened = file;
        // the log does not say it where it could not be written
        recorded = opened == null ? position : opened.data(position);
        released = recorded & -PAGE;
    }

    /// Sets how much is in the log where its end is lost: all that was given back, and at least so much.
    void recordedAtLeast(long position) throws IOException {
        recorded(position);
        JournalFile opened = file;
        if (opened != null && Files.getPosixFilePermissions(path).contains(RELEASED)) {
            recorded = withoutZeros(opened, recorded);
            released = recorded & -PAGE;
        }
    }

    private long withoutZeros(JournalFile opened, long position) throws IOException {
        byte[] page = new byte[PAGE];
        long at = position;
        while (at < end) {
            int length = (int) Math.min(PAGE, end - at);
            opened.read(at, page, 0, length);
            for (int i = 0; i < length; i++) {
                if (page[i] != 0) {
                    return at + i;
                }
            }
            at += length;
        }
        return at;
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
        // a hole that goes beyond the end frees the last page, too; one that ends within a page leaves zeros there
        release(recorded == end ? (end + PAGE - 1) & -PAGE : recorded);
    }

    private void release(long upTo) {
        if (file == null || upTo <= released) {
            return;
        }
        try {
            if (!marked) {
                mark();
            }
            // the page in which the last hole has ended is there again with the next byte
            long from = released & -PAGE;
            file.release(from, upTo - from);
            released = Math.min(upTo, recorded);
        } catch (IOException e) {
            // without holes it would grow without end
            unusable = e;
        }
    }

    private void mark() throws IOException {
        Set<PosixFilePermission> mode =
                EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, RELEASED);
        Files.setPosixFilePermissions(path, mode);
        marked = true;
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
