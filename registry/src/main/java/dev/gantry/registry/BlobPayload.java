package dev.gantry.registry;

import dev.gantry.registry.http.Call;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;

/// A part of a blob as the body of a request.
///
/// @param first the byte that it begins at
/// @param length in bytes
record BlobPayload(BlobSource source, long first, long length, ProgressListener listener) implements Call.Payload {
    @Override
    public HttpRequest.BodyPublisher publisher(Runnable progress) {
        if (length == 0) {
            return HttpRequest.BodyPublishers.noBody();
        }
        HttpRequest.BodyPublisher stream =
                HttpRequest.BodyPublishers.ofInputStream(() -> new Counted(open(), progress));
        return HttpRequest.BodyPublishers.fromPublisher(stream, length);
    }

    private InputStream open() {
        try {
            InputStream stream = source.open();
            try {
                stream.skipNBytes(first);
                return stream;
            } catch (IOException e) {
                stream.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Tells how far it is, and ends where the part ends.
    private final class Counted extends FilterInputStream {
        private final Runnable progress;
        private long position;

        Counted(InputStream stream, Runnable progress) {
            super(stream);
            this.progress = progress;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int count) throws IOException {
            long left = length - position;
            if (left == 0) {
                return -1;
            }
            int read = in.read(target, offset, (int) Math.min(count, left));
            if (read > 0) {
                position += read;
                progress.run();
                listener.sent(first + position);
            }
            return read;
        }
    }
}
