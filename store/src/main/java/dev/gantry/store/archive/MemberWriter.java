package dev.gantry.store.archive;

import dev.gantry.store.tar.TarEntry;
import dev.gantry.store.tar.TarWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Writes the members of an archive of images: plain files of root's and of 1970, so that equal members give equal
/// bytes.
final class MemberWriter {
    private static final int BUFFER = 256 << 10;
    private static final TarEntry.Ownership ROOT = new TarEntry.Ownership(0, 0);

    private final TarWriter tar;

    MemberWriter(OutputStream out) {
        tar = new TarWriter(out);
    }

    void directory(String name) throws IOException {
        tar.put(entry(name + "/", TarEntry.Type.DIRECTORY, 0755, 0));
    }

    void file(String name, byte[] content) throws IOException {
        tar.put(file(name, content.length));
        tar.write(content, content.length);
    }

    /// @throws IOException if the content is not of this size
    void file(String name, long size, InputStream content) throws IOException {
        tar.put(file(name, size));
        byte[] buffer = new byte[BUFFER];
        long left = size;
        for (int count = content.read(buffer); count >= 0 && left >= 0; count = content.read(buffer)) {
            left -= count;
            if (left >= 0) {
                tar.write(buffer, count);
            }
        }
        if (left != 0) {
            throw new IOException("%s has another size than its image says".formatted(name));
        }
    }

    private static TarEntry file(String name, long size) {
        return entry(name, TarEntry.Type.FILE, 0644, size);
    }

    private static TarEntry entry(String name, TarEntry.Type type, int mode, long size) {
        return new TarEntry(
                name,
                type,
                "",
                ROOT,
                mode,
                Instant.EPOCH,
                size,
                List.of(new TarEntry.Extent(0, size)),
                TarEntry.Device.NONE,
                Map.of());
    }

    /// Ends the archive; the stream stays open.
    void end() throws IOException {
        tar.finish();
    }
}
