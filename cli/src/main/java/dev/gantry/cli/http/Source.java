package dev.gantry.cli.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The reading side of a connection, buffered, with lines of limited length. After an upgrade it is the raw stream,
/// beginning with what had been buffered.
final class Source extends InputStream {
    private final SocketChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(32 * 1024).flip();

    Source(SocketChannel channel) {
        this.channel = channel;
    }

    private boolean fill() throws IOException {
        if (buffer.hasRemaining()) {
            return true;
        }
        buffer.clear();
        int count = channel.read(buffer);
        buffer.flip();
        return count > 0;
    }

    @Override
    public int read() throws IOException {
        return fill() ? buffer.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, buffer.remaining());
        buffer.get(bytes, offset, count);
        return count;
    }

    /// A line without its CR LF (or lone LF, RFC 9112 section 2.2).
    String line(int limit) throws IOException {
        byte[] line = new byte[Math.min(limit, 256)];
        int length = 0;
        while (true) {
            int next = read();
            if (next == '\n') {
                int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
                return new String(line, 0, end, StandardCharsets.ISO_8859_1);
            }
            if (next < 0) {
                throw new EOFException("connection closed in the middle of a line");
            }
            if (length == limit) {
                throw new HttpException("line longer than " + limit + " bytes");
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, Math.min(limit, length * 2));
            }
            line[length++] = (byte) next;
        }
    }
}
