package dev.gantry.store.tar;

import com.github.luben.zstd.ZstdInputStream;
import dev.gantry.oci.image.MediaType;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.XZInputStream;

/// How a stream is compressed, told by its first bytes. Decompression happens in this process: a program of a
/// container or a host is never run for it (CVE-2019-14271, CVE-2026-41567).
public enum Compression {
    NONE("", MediaType.OCI_LAYER),
    GZIP("1f8b08", MediaType.OCI_LAYER_GZIP),
    ZSTD("28b52ffd", MediaType.OCI_LAYER_ZSTD),
    /// No media type of layers: stored uncompressed.
    BZIP2("425a68", MediaType.OCI_LAYER),
    /// No media type of layers: stored uncompressed.
    XZ("fd377a585a00", MediaType.OCI_LAYER);

    private static final int LONGEST_MAGIC = 6;
    private static final int BUFFER = 64 << 10;
    private static final int XZ_MEMORY_KIB = 256 << 10;

    private final String magic;
    private final String mediaType;

    Compression(String magic, String mediaType) {
        this.magic = magic;
        this.mediaType = mediaType;
    }

    /// The media type of a layer that arrived so.
    public String mediaType() {
        return mediaType;
    }

    /// Whether the bytes as they came are a layer blob of [#mediaType()].
    public boolean isStoredAsItCame() {
        return this == NONE || !mediaType.equals(MediaType.OCI_LAYER);
    }

    /// The plain content of a stream, whatever its first bytes say that it is.
    public static InputStream plain(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, BUFFER);
        return of(buffered).decompress(buffered);
    }

    /// Looks at the first bytes, which stay in the stream.
    public static Compression of(BufferedInputStream in) throws IOException {
        in.mark(LONGEST_MAGIC);
        String start = HexFormat.of().formatHex(in.readNBytes(LONGEST_MAGIC));
        in.reset();
        for (Compression candidate : values()) {
            if (candidate != NONE && start.startsWith(candidate.magic)) {
                return candidate;
            }
        }
        return NONE;
    }

    /// The plain content. Several members or frames in a row are one content, as in the tools' own files.
    public InputStream decompress(InputStream in) throws IOException {
        return switch (this) {
            case NONE -> in;
            case GZIP -> new GZIPInputStream(new NeverEmpty(in), BUFFER);
            case ZSTD -> new ZstdInputStream(in).setContinuous(false);
            case BZIP2 -> new BZip2CompressorInputStream(in, true);
            case XZ -> new XZInputStream(in, XZ_MEMORY_KIB);
        };
    }

    // GZIPInputStream takes `available() == 0` after a member for the end of the stream; on a socket it is not
    private static final class NeverEmpty extends FilterInputStream {
        NeverEmpty(InputStream in) {
            super(in);
        }

        @Override
        public int available() throws IOException {
            return Math.max(1, super.available());
        }
    }
}
