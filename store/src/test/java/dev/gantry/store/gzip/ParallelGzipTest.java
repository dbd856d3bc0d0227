package dev.gantry.store.gzip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class ParallelGzipTest {
    private static final int BLOCK = 512 << 10;

    /// Compressible and not, by turns.
    private static byte[] content(int length) {
        byte[] content = new byte[length];
        Random random = new Random(7);
        for (int i = 0; i < length; i++) {
            content[i] = (i >> 16) % 2 == 0 ? (byte) (i % 251) : (byte) random.nextInt();
        }
        return content;
    }

    private static byte[] compressed(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ParallelGzip.compress(new ByteArrayInputStream(content), out);
        return out.toByteArray();
    }

    @Test
    void isReadByEveryReaderOfGzip() throws IOException {
        for (int length : new int[] {0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK + 4711}) {
            byte[] content = content(length);
            byte[] compressed = compressed(content);
            try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
                assertThat(plain.readAllBytes()).as("%d bytes", length).isEqualTo(content);
            }
        }
    }

    /// One member: some readers stop at the end of the first.
    @Test
    void isOneMemberThatGnuGzipTakes() throws Exception {
        byte[] content = content(3 * BLOCK + 17);
        Process gzip = new ProcessBuilder("gzip", "-dc").start();
        Thread writer = Thread.ofVirtual().start(() -> {
            try (var out = gzip.getOutputStream()) {
                out.write(compressed(content));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(gzip.getInputStream().readAllBytes()).isEqualTo(content);
        writer.join();
        assertThat(gzip.waitFor()).isZero();
    }

    @Test
    void givesTheSameBytesForTheSameContent() throws IOException {
        byte[] content = content(4 * BLOCK);
        assertThat(compressed(content)).isEqualTo(compressed(content));
        assertThat(compressed("aaaaaaaaaaaaaaaaaaaaaaaa".getBytes(StandardCharsets.UTF_8)))
                .hasSizeLessThan(40)
                .startsWith(0x1f, 0x8b, 8, 0, 0, 0, 0, 0);
    }

    @Test
    void endsWhenItsThreadIsInterrupted() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> compressed(content(20 * BLOCK))).isInstanceOf(InterruptedIOException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
