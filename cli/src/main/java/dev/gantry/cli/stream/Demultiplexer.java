package dev.gantry.cli.stream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Takes apart the stream that carries standard output and error together.
///
/// ```text
/// +------+---+---+---+------+------+------+------+=========+
/// | kind | 0 | 0 | 0 |  length, big endian       | content |
/// +------+---+---+---+------+------+------+------+=========+
/// ```
///
/// Kinds: 0 standard input, 1 standard output, 2 standard error, 3 an error of the daemon.
public final class Demultiplexer {
    private static final int HEADER = 8;
    private static final int BUFFER = 32 * 1024;
    private static final int ERROR_LIMIT = 64 * 1024;

    private Demultiplexer() {}

    /// Copies until the end of the stream; an output that is null gets nothing.
    public static void copy(InputStream source, @Nullable OutputStream out, @Nullable OutputStream err)
            throws IOException {
        byte[] header = new byte[HEADER];
        byte[] buffer = new byte[BUFFER];
        while (readHeader(source, header)) {
            long length = ByteBuffer.wrap(header, 4, 4).getInt() & 0xffff_ffffL;
            switch (header[0]) {
                case 0, 1 -> copyFrame(source, length, buffer, out);
                case 2 -> copyFrame(source, length, buffer, err);
                case 3 -> throw new IOException("error from daemon in stream: " + message(source, length));
                default -> throw new IOException("unrecognized stream: " + (header[0] & 0xff));
            }
        }
    }

    private static boolean readHeader(InputStream source, byte[] header) throws IOException {
        int count = source.readNBytes(header, 0, HEADER);
        if (count > 0 && count < HEADER) {
            throw new EOFException("stream ended in the middle of a frame's header");
        }
        return count == HEADER;
    }

    private static void copyFrame(InputStream source, long length, byte[] buffer, @Nullable OutputStream target)
            throws IOException {
        long remaining = length;
        while (remaining > 0) {
            int count = source.read(buffer, 0, (int) Math.min(buffer.length, remaining));
            if (count < 0) {
                throw new EOFException("stream ended in the middle of a frame");
            }
            if (target != null) {
                target.write(buffer, 0, count);
            }
            remaining -= count;
        }
    }

    private static String message(InputStream source, long length) throws IOException {
        byte[] text = source.readNBytes((int) Math.min(length, ERROR_LIMIT));
        return new String(text, StandardCharsets.UTF_8);
    }
}
