package dev.gantry.api.containers;

import dev.gantry.engine.OutputSink;
import dev.gantry.engine.StreamType;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/// Docker's multiplexed stream: each piece of output behind a head of eight bytes.
///
/// ```
/// {stream (1 = stdout, 2 = stderr), 0, 0, 0, length as four bytes, big end first} payload
/// ```
final class Frames implements OutputSink {
    private static final int HEAD = 8;
    private static final int COLLECTED = 16 * 1024;

    private final OutputStream out;
    private byte[] frame = new byte[HEAD];

    private Frames(OutputStream out) {
        this.out = out;
    }

    /// A sink that frames what it passes on: for output without a terminal.
    static OutputSink multiplexed(OutputStream out) {
        return new Frames(out);
    }

    /// A sink that passes output on as it is: for a terminal's.
    static OutputSink raw(OutputStream out) {
        return (_, bytes, offset, length) -> out.write(bytes, offset, length);
    }

    /// A sink for a log, whose lines are collected into writes of some size.
    static OutputSink collected(OutputStream out, boolean terminal) {
        OutputStream buffered = new BufferedOutputStream(out, COLLECTED);
        OutputSink sink = terminal ? raw(buffered) : multiplexed(buffered);
        return new OutputSink() {
            @Override
            public void write(StreamType stream, byte[] bytes, int offset, int length) throws IOException {
                sink.write(stream, bytes, offset, length);
            }

            @Override
            public void flush() throws IOException {
                buffered.flush();
            }
        };
    }

    /// Head and payload in one write, so that a frame is never torn by another writer's.
    @Override
    public void write(StreamType stream, byte[] bytes, int offset, int length) throws IOException {
        if (frame.length < HEAD + length) {
            frame = new byte[HEAD + length];
        }
        frame[0] = (byte) stream.number();
        frame[4] = (byte) (length >>> 24);
        frame[5] = (byte) (length >>> 16);
        frame[6] = (byte) (length >>> 8);
        frame[7] = (byte) length;
        System.arraycopy(bytes, offset, frame, HEAD, length);
        out.write(frame, 0, HEAD + length);
    }
}
