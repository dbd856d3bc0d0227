package dev.gantry.store.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/// Reads another stream on a thread of its own, some chunks ahead of whoever reads this one: what makes the bytes and
/// what uses them take a processor each.
///
/// The thread is one of the platform's: what it does is hard work, and a virtual thread would keep others from theirs.
/// Closing ends the thread, by an interrupt if need be, and waits for it; the other stream is not closed.
public final class ReadAhead extends InputStream {
    private static final int CHUNK = 128 << 10;
    private static final int CHUNKS = 8;

    private final BlockingQueue<Chunk> free = new ArrayBlockingQueue<>(CHUNKS);
    private final BlockingQueue<Chunk> full = new ArrayBlockingQueue<>(CHUNKS);
    private final Thread thread;
    private @Nullable Chunk current;

    /// Some bytes; none at the end, which `failure` may have brought about.
    private static final class Chunk {
        final byte[] bytes = new byte[CHUNK];
        int position;
        int limit;

        @Nullable
        IOException failure;
    }

    public ReadAhead(InputStream source) {
        for (int i = 0; i < CHUNKS; i++) {
            free.add(new Chunk());
        }
        thread = Thread.ofPlatform().daemon().name("read-ahead").start(() -> readAll(source));
    }

    private void readAll(InputStream source) {
        try {
            int count;
            do {
                Chunk chunk = free.take();
                try {
                    count = source.readNBytes(chunk.bytes, 0, CHUNK);
                } catch (IOException e) {
                    chunk.failure = e;
                    count = 0;
                } catch (RuntimeException | Error e) {
                    // a library that cannot be loaded, for one: whoever reads must not wait for ever
                    chunk.failure = new IOException(e);
                    count = 0;
                }
                chunk.position = 0;
                chunk.limit = count;
                full.put(chunk);
            } while (count > 0);
        } catch (InterruptedException _) {
            // closed: nobody reads on
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        Chunk chunk = chunk();
        if (chunk.limit == 0) {
            if (chunk.failure != null) {
                throw chunk.failure;
            }
            return -1;
        }
        int count = Math.min(length, chunk.limit - chunk.position);
        System.arraycopy(chunk.bytes, chunk.position, bytes, offset, count);
        chunk.position += count;
        return count;
    }

    /// The one with bytes left, or the last.
    private Chunk chunk() throws InterruptedIOException {
        Chunk chunk = current;
        if (chunk != null && (chunk.limit == 0 || chunk.position < chunk.limit)) {
            return chunk;
        }
        try {
            if (chunk != null) {
                free.put(chunk);
            }
            current = full.take();
            return current;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for bytes");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
