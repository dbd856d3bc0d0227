package dev.gantry.cli.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// A body in chunks (RFC 9112 section 7.1): extensions and trailers are read over, within limits.
final class ChunkedBody extends InputStream {
    private static final int LINE_LIMIT = 4096;
    private static final int TRAILER_LIMIT = 64;
    /// 15 hexadecimal digits stay below 2^60
    private static final int SIZE_DIGITS = 15;

    private final Source source;
    private long remaining;
    private boolean first = true;
    private boolean ended;

    ChunkedBody(Source source) {
        this.source = source;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (remaining == 0 && !nextChunk()) {
            return -1;
        }
        int count = source.read(bytes, offset, (int) Math.min(length, remaining));
        if (count < 0) {
            throw new EOFException("connection closed in the middle of a chunk");
        }
        remaining -= count;
        return count;
    }

    private boolean nextChunk() throws IOException {
        if (ended) {
            return false;
        }
        if (!first && !source.line(2).isEmpty()) {
            throw new HttpException("chunk longer than its size says");
        }
        first = false;
        remaining = size(source.line(LINE_LIMIT));
        if (remaining == 0) {
            ended = true;
            readTrailers();
        }
        return !ended;
    }

    private static long size(String line) throws HttpException {
        int end = line.indexOf(';');
        String digits = (end < 0 ? line : line.substring(0, end)).strip();
        if (digits.isEmpty()
                || digits.length() > SIZE_DIGITS
                || !digits.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 0x80)) {
            throw new HttpException("malformed chunk size \"" + digits + "\"");
        }
        return Long.parseLong(digits, 16);
    }

    private void readTrailers() throws IOException {
        for (int i = 0; i <= TRAILER_LIMIT; i++) {
            if (source.line(LINE_LIMIT).isEmpty()) {
                return;
            }
        }
        throw new HttpException("more than " + TRAILER_LIMIT + " trailers");
    }
}
