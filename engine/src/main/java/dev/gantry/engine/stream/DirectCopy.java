package dev.gantry.engine.stream;

import dev.gantry.engine.StreamType;
import dev.gantry.kernel.PolledInput;
import java.io.IOException;

/// A stream that goes to those who are joined, and into no log.
final class DirectCopy extends StreamCopy {
    /// Held while a process says nothing.
    private static final int SMALL = 256;

    /// Taken as soon as it says more than that.
    private static final int LARGE = 64 * 1024;

    DirectCopy(StreamType stream, PolledInput source, ProcessStreams streams) {
        super(stream, source, streams);
    }

    @Override
    void copy() throws IOException, InterruptedException {
        byte[] small = new byte[SMALL];
        int length = next(small);
        while (length >= 0) {
            length = length == SMALL ? drain() : next(small);
        }
    }

    /// Reads with a large buffer for as long as there is much to read.
    private int drain() throws IOException, InterruptedException {
        byte[] large = new byte[LARGE];
        return Math.min(takeAll(SMALL + 1, () -> next(large)), SMALL - 1);
    }

    private int next(byte[] buffer) throws IOException, InterruptedException {
        int length = read(buffer, 0);
        if (length > 0) {
            publish(buffer, 0, length);
        }
        return length;
    }

    @Override
    void end() {
        // nothing is held back
    }
}
