package dev.gantry.cli.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// A body of known length; an earlier end of the connection is an error, not an end of file.
final class FixedBody extends InputStream {
    private final Source source;
    private long remaining;

    FixedBody(Source source, long length) {
        this.source = source;
        this.remaining = length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (remaining == 0) {
            return -1;
        }
        int count = source.read(bytes, offset, (int) Math.min(length, remaining));
        if (count < 0) {
            throw new EOFException("connection closed " + remaining + " bytes before the end of the body");
        }
        remaining -= count;
        return count;
    }
}
