package dev.gantry.store.files;

import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What another thread writes, to be read as it comes. An error of the writer is one of the reader, so that
/// half an archive is never taken for a whole one; a reader that closes ends the writer.
final class ProducedStream extends FilterInputStream {
    private static final int BUFFER = 256 << 10;

    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
    private final Thread writer;

    /// Writes the content.
    interface Producer {
        void writeTo(OutputStream out) throws IOException;
    }

    private ProducedStream(PipedInputStream pipe, PipedOutputStream end, Producer producer) {
        super(pipe);
        writer = Thread.ofVirtual().name("archive").start(() -> produce(end, producer));
    }

    static ProducedStream of(Producer producer) throws IOException {
        PipedInputStream pipe = new PipedInputStream(BUFFER);
        return new ProducedStream(pipe, new PipedOutputStream(pipe), producer);
    }

    private void produce(PipedOutputStream end, Producer producer) {
        try (OutputStream out = new BufferedOutputStream(end, BUFFER)) {
            try {
                producer.writeTo(out);
            } catch (IOException | RuntimeException e) {
                failure.set(e instanceof IOException io ? io : new IOException(e));
            }
        } catch (IOException e) {
            failure.compareAndSet(null, e); // the reader has gone
        }
    }

    @Override
    public int read() throws IOException {
        return checked(super.read());
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return checked(super.read(bytes, offset, length));
    }

    private int checked(int count) throws IOException {
        IOException problem = failure.get();
        if (count < 0 && problem != null) {
            throw new IOException(problem.getMessage(), problem);
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        super.close();
        try {
            writer.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
