package dev.gantry.store;

import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.Digest;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.store.stream.ReadAhead;
import dev.gantry.store.stream.UncachedFile;
import dev.gantry.store.tar.Compression;
import dev.gantry.store.tar.LayerExtractor;
import dev.gantry.store.tar.TarReader;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/// Turns a stream into a layer in one pass: decompress, hash, unpack, and keep as a blob. Reading and decompressing go
/// ahead of unpacking.
///
/// The blob holds the bytes as they came if they are plain, gzip or zstd, so that the digest of a registry stays
/// true; xz and bzip2, which no layer may have, are stored plain. Nothing is compressed here: import is as fast as
/// the disk.
final class LayerWriter {
    private static final String BLOB = "blob";
    private static final int BUFFER = 256 << 10;
    private static final long MAX_ENTRIES = 10_000_000;

    private LayerWriter() {}

    /// A layer in the making.
    ///
    /// @param directory holds the tree and its record
    /// @param blob the file to be stored under the descriptor's digest
    record Unfinished(Path directory, Path blob, Digest diffId, Descriptor descriptor) {}

    /// With digests of the usual algorithm.
    static Unfinished write(InputStream source, Path work) throws IOException {
        return write(source, work, Digest.Algorithm.SHA256, Digest.Algorithm.SHA256);
    }

    /// Reads the stream to its end.
    ///
    /// @param work an empty directory
    /// @param blobAlgorithm of the digest of what came
    /// @param diffAlgorithm of the diff ID
    static Unfinished write(
            InputStream source, Path work, Digest.Algorithm blobAlgorithm, Digest.Algorithm diffAlgorithm)
            throws IOException {
        Path directory = work.resolve("layer");
        Path blob = work.resolve(BLOB);
        Durable.directory(directory, "rwx------");
        Durable.directory(Layers.tree(directory), "rwxr-xr-x");
        BufferedInputStream raw = new BufferedInputStream(source, BUFFER);
        Compression compression = Compression.of(raw);
        boolean asItCame = compression.isStoredAsItCame();
        boolean plainBlob = compression == Compression.NONE && blobAlgorithm == diffAlgorithm;
        MessageDigest came = blobAlgorithm.newMessageDigest();
        MessageDigest unpacked = diffAlgorithm.newMessageDigest();
        long size;
        try (SafeDirectory parent = SafeDirectory.open(work);
                OutputStream file = UncachedFile.create(parent, BLOB, 0644)) {
            InputStream outer = asItCame ? new Tee(raw, came, file) : raw;
            try (ReadAhead plain = new ReadAhead(compression.decompress(outer))) {
                InputStream inner = plainBlob
                        ? plain
                        : new BufferedInputStream(
                                new Tee(plain, unpacked, asItCame ? OutputStream.nullOutputStream() : file), BUFFER);
                size = unpack(inner, Layers.tree(directory));
                drain(inner);
            }
            drain(outer);
        }
        Digest diffId = plainBlob ? blobAlgorithm.finish(came) : diffAlgorithm.finish(unpacked);
        Digest blobDigest = asItCame && !plainBlob ? blobAlgorithm.finish(came) : diffId;
        Layers.complete(directory, diffId, size);
        Descriptor descriptor = Descriptor.of(compression.mediaType(), blobDigest, Files.size(blob));
        return new Unfinished(directory, blob, diffId, descriptor);
    }

    private static long unpack(InputStream plain, Path directory) throws IOException {
        try (SafeTree tree = SafeTree.open(directory)) {
            return new LayerExtractor(tree, MAX_ENTRIES).extract(new TarReader(plain));
        }
    }

    /// Padding behind the archive's end is part of the digest.
    private static void drain(InputStream in) throws IOException {
        long _ = in.transferTo(OutputStream.nullOutputStream());
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
    }
}
