package dev.gantry.engine.stream;

import dev.gantry.engine.StreamType;
import dev.gantry.engine.log.ContainerLog;
import dev.gantry.engine.log.OutputJournal;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.PolledInput;
import java.io.IOException;
import java.lang.System.Logger.Level;

/// A stream that goes through its journal into the log, and to those who are joined.
///
/// The journal is the buffer: what has no line feed yet stays there and is read again with what follows, so that a
/// process that is quiet in the middle of a line costs no memory, and a daemon that is killed loses nothing.
final class JournaledCopy extends StreamCopy {
    private static final System.Logger LOGGER = System.getLogger(JournaledCopy.class.getName());
    private static final byte[] NONE = {};

    /// Bytes taken at once.
    private static final int CHUNK = 64 * 1024;

    /// The beginning of a line that is read again each time; of a longer one, when its end has come.
    private static final int REPEATED = 16 * 1024;

    /// Less than this at once is all there is.
    private static final int FEW = 4096;

    private final ContainerLog log;
    private final OutputJournal journal;
    /// What is in front of it has been looked at.
    private long seen;
    private byte[] buffer = NONE;

    /// Begins with what a former daemon has left in the journal.
    JournaledCopy(StreamType stream, PolledInput source, ProcessStreams streams, ContainerLog log) {
        super(stream, source, streams);
        this.log = log;
        this.journal = log.journal(stream);
        this.seen = journal.recorded();
    }

    @Override
    void copy() throws IOException, InterruptedException {
        takeOver();
        if (!journal.isOpen()) {
            await();
            if (source().atEnd()) {
                return;
            }
        }
        while (takeAll(FEW, this::takeSome) >= 0) {
            buffer = NONE;
            journal.rest();
            await();
        }
    }

    private int takeSome() throws IOException, InterruptedException {
        int taken = take();
        takeOver();
        return taken;
    }

    private int take() throws IOException {
        try {
            return journal.take(source(), CHUNK);
        } catch (KernelException e) {
            if (e.errno().equals(Errno.EBADF)) {
                throw e;
            }
            return withoutJournal(e);
        } catch (IOException e) {
            return withoutJournal(e);
        }
    }

    /// What the journal has no space for is read without it, until there is space again: a kill would lose what is
    /// read meanwhile, but the process is not held up.
    private int withoutJournal(IOException cause) throws IOException {
        recordRest();
        LOGGER.log(Level.WARNING, "output goes without journal to the log", cause);
        var unjournaled = new UnjournaledOutput(this, log);
        return takeApart(() -> unjournaled.copy(() -> journal.take(source(), CHUNK)));
    }

    /// Records what is in the journal, and gives it to those who are joined.
    private void takeOver() throws InterruptedException {
        try {
            takeOverAll();
        } catch (IOException e) {
            LOGGER.log(Level.ERROR, "output of a process is lost", e);
            seen = journal.end();
            journal.recordedUpTo(seen);
        }
    }

    private void takeOverAll() throws IOException, InterruptedException {
        while (seen < journal.end()) {
            int fresh = (int) Math.min(CHUNK, journal.end() - seen);
            boolean whole = seen - journal.recorded() <= REPEATED;
            long from = whole ? journal.recorded() : seen;
            int length = (int) (seen - from) + fresh;
            if (buffer.length < length) {
                buffer = new byte[length];
            }
            journal.read(from, buffer, length);
            seen += fresh;
            publish(() -> record(whole, length), buffer, length - fresh, fresh);
        }
    }

    /// Records what has been read up to here, once its line is there in full.
    private void record(boolean whole, int length) throws IOException {
        if (whole) {
            record(buffer, length, false);
        } else if (seen - journal.recorded() > ContainerLog.LONGEST || hasLineFeed(length)) {
            recordLong(false);
        }
    }

    private boolean hasLineFeed(int length) {
        for (int i = 0; i < length; i++) {
            if (buffer[i] == '\n') {
                return true;
            }
        }
        return false;
    }

    /// Records a line that began long ago.
    private void recordLong(boolean last) throws IOException {
        byte[] line = new byte[(int) (seen - journal.recorded())];
        journal.read(journal.recorded(), line, line.length);
        record(line, line.length, last);
    }

    private void record(byte[] bytes, int length, boolean last) {
        int recorded = log.record(stream(), bytes, length, journal.recorded(), last);
        journal.recordedUpTo(journal.recorded() + recorded);
    }

    private void recordRest() throws IOException {
        if (journal.recorded() < journal.end()) {
            seen = journal.end();
            recordLong(true);
        }
    }

    @Override
    void end() {
        try {
            recordRest();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "the end of the output of a process is lost", e);
        }
    }
}
