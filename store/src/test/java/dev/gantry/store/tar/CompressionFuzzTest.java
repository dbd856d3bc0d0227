package dev.gantry.store.tar;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdOutputStream;
import dev.gantry.fuzz.Fuzz;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/// Damaged streams of every compression give some bytes or an [IOException], in bounded time and memory.
class CompressionFuzzTest {
    private static final int MAX_PLAIN = 16 << 20;

    private interface Compressor {
        OutputStream compress(OutputStream out) throws IOException;
    }

    private static byte[] compressed(Compressor compressor, byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream compression = compressor.compress(out)) {
            compression.write(plain);
        }
        return out.toByteArray();
    }

    private static byte[] decompressed(byte[] stream) throws IOException {
        BufferedInputStream in = new BufferedInputStream(new ByteArrayInputStream(stream));
        try (InputStream plain = Compression.of(in).decompress(in)) {
            return plain.readNBytes(MAX_PLAIN);
        }
    }

    private static void damage(String name, Compressor compressor) {
        Fuzz.run(name, inputs -> {
            byte[] plain = RandomArchives.of(inputs);
            byte[] whole = compressed(compressor, plain);
            assertThat(decompressed(whole)).isEqualTo(plain);
            try {
                assertThat(decompressed(inputs.describe(inputs.mutate(whole)))).isNotNull();
            } catch (IOException _) {
                // refused
            }
        });
    }

    @Test
    void gzip() {
        damage("gzip", GZIPOutputStream::new);
    }

    @Test
    void zstd() {
        damage("zstd", ZstdOutputStream::new);
    }

    @Test
    void bzip2() {
        damage("bzip2", BZip2CompressorOutputStream::new);
    }

    @Test
    void xz() {
        damage("xz", out -> new XZOutputStream(out, new LZMA2Options(0)));
    }
}
