package dev.gantry.store.space;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Space that is kept for the day when the file system is full: to remove an image, the index without it has to be
/// written first. It is used by writing over the file, so that nobody who waits for space takes it first. Not
/// thread-safe.
public final class Reserve {
    private static final int LEAST = 1 << 20;

    private final Path file;

    public Reserve(Path file) {
        this.file = file;
    }

    /// Takes the space if it is not taken, and if there is any.
    ///
    /// @param needed what would have to be written at present; twice as much is kept
    public void take(long needed) {
        long wanted = Math.max(LEAST, 2 * needed);
        try {
            long taken = Files.exists(file) ? Files.size(file) : 0;
            if (taken < Math.max(LEAST, needed)) {
                extend(taken, wanted);
            }
        } catch (IOException _) {
            // full already; what was taken of it helps
        }
    }

    private void extend(long from, long to) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            ByteBuffer zeros = ByteBuffer.allocate(LEAST);
            for (long position = from; position < to; ) {
                zeros.clear().limit((int) Math.min(LEAST, to - position));
                position += out.write(zeros, position);
            }
            out.force(false); // else it may not be there when it is needed
        }
    }

    /// To be written over, and renamed.
    public Path file() {
        return file;
    }
}
