package dev.gantry.store.gzip;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// Compresses with gzip on all processors: blocks are deflated independently of each other and put together to one
/// member (RFC 1952), as pigz does it, so every reader of gzip reads it.
///
/// The same content gives the same bytes, however many processors there are. No time and no name are recorded.
public final class ParallelGzip {
    /// Whoever pushes waits for it: level 1 takes a quarter of level 6's time and gives some 9 % more bytes.
    private static final int LEVEL = Deflater.BEST_SPEED;

    private static final int BLOCK = 512 << 10;

    /// No flags, no time, the fastest algorithm, an unknown system.
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 4, (byte) 0xff};

    /// An empty block that is the last one (RFC 1951, 3.2.6).
    private static final byte[] LAST_BLOCK = {3, 0};

    private final InputStream plain;
    private final OutputStream compressed;
    private final CRC32 checksum = new CRC32();
    private final ArrayDeque<Future<byte[]>> underWay = new ArrayDeque<>();

    private ParallelGzip(InputStream plain, OutputStream compressed) {
        this.plain = plain;
        this.compressed = compressed;
    }

    /// Reads a stream to its end. Neither is closed.
    ///
    /// @throws InterruptedIOException if the thread is interrupted
    public static void compress(InputStream plain, OutputStream compressed) throws IOException {
        int processors = Runtime.getRuntime().availableProcessors();
        ExecutorService threads = Executors.newFixedThreadPool(
                processors, Thread.ofPlatform().daemon().name("gzip-", 0).factory());
        try {
            new ParallelGzip(plain, compressed).run(threads, 2 * processors);
        } finally {
            threads.shutdownNow();
        }
    }

    /// @param most how many blocks are in memory
    private void run(ExecutorService threads, int most) throws IOException {
        compressed.write(HEADER);
        long length = 0;
        for (byte[] block = plain.readNBytes(BLOCK); block.length > 0; block = plain.readNBytes(BLOCK)) {
            byte[] content = block;
            checksum.update(content);
            length += content.length;
            underWay.add(threads.submit(() -> deflate(content)));
            if (underWay.size() >= most) {
                writeOldest();
            }
        }
        while (!underWay.isEmpty()) {
            writeOldest();
        }
        compressed.write(LAST_BLOCK);
        compressed.write(ByteBuffer.allocate(Integer.BYTES * 2)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) checksum.getValue())
                .putInt((int) length)
                .array());
    }

    private void writeOldest() throws IOException {
        try {
            compressed.write(underWay.remove().get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    /// The block's bytes end on a byte's boundary, with an empty block that is not the last one.
    private static byte[] deflate(byte[] block) {
        try (Deflater deflater = new Deflater(LEVEL, true)) {
            deflater.setInput(block);
            byte[] output = new byte[block.length / 2 + 1024];
            int used = 0;
            while (true) {
                used += deflater.deflate(output, used, output.length - used, Deflater.SYNC_FLUSH);
                if (used < output.length) {
                    return Arrays.copyOf(output, used);
                }
                output = Arrays.copyOf(output, output.length * 2);
            }
        }
    }
}
