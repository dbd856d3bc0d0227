package dev.gantry.engine.stream;

import dev.gantry.engine.log.ContainerLog;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;

/// Output that its journal has no space for: it goes to the log at once, and lines that are longer than the buffer in
/// pieces.
final class UnjournaledOutput {
    private static final System.Logger LOGGER = System.getLogger(UnjournaledOutput.class.getName());
    private static final int BUFFER = 16 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final StreamCopy copy;
    private final ContainerLog log;
    private final byte[] buffer = new byte[BUFFER];
    private int held;
    private long bytes;

    UnjournaledOutput(StreamCopy copy, ContainerLog log) {
        this.copy = copy;
        this.log = log;
    }

    /// The journal's way.
    interface Journal {
        int take() throws IOException;
    }

    /// Copies until the journal takes output again, or to the end.
    ///
    /// @return what the journal has taken; -1 at the end
    int copy(Journal journal) throws IOException, InterruptedException {
        long next = System.nanoTime() + PATIENCE.toNanos();
        try {
            for (int length = copy.read(buffer, held); length >= 0; length = copy.read(buffer, held)) {
                take(length);
                if (held == 0 && System.nanoTime() - next >= 0) {
                    int taken = retried(journal);
                    if (taken >= 0) {
                        LOGGER.log(Level.WARNING, "output has its journal again; {0} bytes went without", bytes);
                        return taken;
                    }
                    next = System.nanoTime() + PATIENCE.toNanos();
                }
            }
            return -1;
        } finally {
            record(true);
        }
    }

    private void take(int length) throws IOException, InterruptedException {
        byte[] fresh = Arrays.copyOfRange(buffer, held, held + length);
        held += length;
        bytes += length;
        // moves what is in the buffer
        copy.publish(() -> record(held == BUFFER), fresh, 0, length);
    }

    private void record(boolean all) {
        int recorded = log.record(copy.stream(), buffer, held, -1, all);
        System.arraycopy(buffer, recorded, buffer, 0, held - recorded);
        held -= recorded;
    }

    private static int retried(Journal journal) {
        try {
            return journal.take();
        } catch (IOException _) {
            // still none
            return -1;
        }
    }
}
