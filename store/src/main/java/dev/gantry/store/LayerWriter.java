package dev.gantry.store;

import dev.gantry.oci.Digest;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.store.tar.LayerExtractor;
import dev.gantry.store.tar.TarReader;
import dev.gantry.store.tar.TreeDigest;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/// Turns a stream into a layer in one pass: decompress, hash, unpack, and keep as a blob.
///
/// The blob holds the bytes as they came if they are plain, gzip or zstd, so that the digest of a registry stays
/// true; xz and bzip2, which no layer may have, are stored plain. Nothing is compressed here: import is as fast as
/// the disk.
final class LayerWriter {
    private static final int BUFFER = 256 << 10;
    private static final long MAX_ENTRIES = 10_000_000;

    private LayerWriter() {}

    /// A layer in the making.
    ///
    /// @param directory holds the tree and its record
    /// @param blob the file to be stored under the descriptor's digest
    record Unfinished(Path directory, Path blob, Digest diffId, Descriptor descriptor) {}

    /// Reads the stream to its end.
    ///
    /// @param work an empty directory
    static Unfinished write(InputStream source, Path work) throws IOException {
        Path directory = work.resolve("layer");
        Path blob = work.resolve("blob");
        Durable.directory(directory, "rwx------");
        Durable.directory(Layers.tree(directory), "rwxr-xr-x");
        BufferedInputStream raw = new BufferedInputStream(source, BUFFER);
        Compression compression = Compression.of(raw);
        MessageDigest diff = Digest.Algorithm.SHA256.newMessageDigest();
        MessageDigest stored = Digest.Algorithm.SHA256.newMessageDigest();
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(blob), BUFFER)) {
            boolean asItCame = compression.isStoredAsItCame();
            Tee outer = new Tee(raw, stored, asItCame ? file : OutputStream.nullOutputStream());
            InputStream plain = compression.decompress(outer);
            Tee inner = new Tee(plain, diff, asItCame ? OutputStream.nullOutputStream() : file);
            unpack(inner, Layers.tree(directory));
            inner.drain();
            outer.drain();
        }
        Digest diffId = Digest.Algorithm.SHA256.finish(diff);
        Digest blobDigest = compression.isStoredAsItCame() ? Digest.Algorithm.SHA256.finish(stored) : diffId;
        try (SafeTree tree = SafeTree.open(Layers.tree(directory))) {
            Layers.complete(directory, diffId, TreeDigest.of(tree));
        }
        Descriptor descriptor = Descriptor.of(compression.mediaType(), blobDigest, Files.size(blob));
        return new Unfinished(directory, blob, diffId, descriptor);
    }

    private static void unpack(Tee plain, Path directory) throws IOException {
        try (SafeTree tree = SafeTree.open(directory)) {
            new LayerExtractor(tree, MAX_ENTRIES).extract(new TarReader(new BufferedInputStream(plain, BUFFER)));
        }
    }

    /// Hashes and copies what is read.
    private static final class Tee extends FilterInputStream {
        private final MessageDigest digest;
        private final OutputStream copy;

        Tee(InputStream in, MessageDigest digest, OutputStream copy) {
            super(in);
            this.digest = digest;
            this.copy = copy;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            if (count > 0) {
                digest.update(bytes, offset, count);
                copy.write(bytes, offset, count);
            }
            return count;
        }

        @Override
        public long skip(long count) throws IOException {
            byte[] skipped = new byte[(int) Math.min(count, BUFFER)];
            return count <= 0 ? 0 : Math.max(0, read(skipped, 0, skipped.length));
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        void drain() throws IOException {
            byte[] rest = new byte[BUFFER];
            while (read(rest, 0, rest.length) >= 0) {
                // padding behind the archive's end is part of the digest
            }
        }
    }
}
