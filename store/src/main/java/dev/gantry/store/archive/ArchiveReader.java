package dev.gantry.store.archive;

import dev.gantry.oci.Digest;
import dev.gantry.oci.MalformedException;
import dev.gantry.store.Ingest;
import dev.gantry.store.archive.Members.Member;
import dev.gantry.store.tar.Compression;
import dev.gantry.store.tar.Names;
import dev.gantry.store.tar.TarEntry;
import dev.gantry.store.tar.TarReader;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads an archive once, from its beginning to its end. A layer is unpacked when it passes, before anything is known
/// of
/// it: its documents may come later, and a pipe cannot go back.
final class ArchiveReader {
    private static final int BUFFER = 256 << 10;
    private static final int BLOCK = 512;
    private static final int MAX_DOCUMENT = 16 << 20;

    private final Ingest ingest;
    private final ImageLoad.Listener listener;
    private final Members members = new Members();

    ArchiveReader(Ingest ingest, ImageLoad.Listener listener) {
        this.ingest = ingest;
        this.listener = listener;
    }

    /// @param archive plain or compressed, with any compression of layers
    Members read(InputStream archive) throws IOException {
        BufferedInputStream raw = new BufferedInputStream(archive, BUFFER);
        InputStream plain = Compression.of(raw).decompress(raw);
        BufferedInputStream buffered = plain.equals(raw) ? raw : new BufferedInputStream(plain, BUFFER);
        TarReader tar = new TarReader(buffered);
        for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
            String name = String.join("/", Names.components(entry.name()));
            switch (entry.type()) {
                case FILE -> members.add(name, file(name, entry, tar));
                case SYMLINK -> members.add(name, new Member.Link(beside(name, entry.linkName())));
                case HARD_LINK ->
                    members.add(name, new Member.Link(String.join("/", Names.components(entry.linkName()))));
                case DIRECTORY, FIFO, CHARACTER_DEVICE, BLOCK_DEVICE -> {}
            }
        }
        // what follows the end belongs to the archive: a client is not cut off while it sends
        buffered.transferTo(java.io.OutputStream.nullOutputStream());
        return members;
    }

    /// The member that a symbolic link means, relative to its own directory.
    private static String beside(String name, String target) throws MalformedException {
        if (target.startsWith("/")) {
            throw new MalformedException("archive has a link to \"%s\", which is outside".formatted(target));
        }
        List<String> components = new ArrayList<>(Names.components(name));
        components.removeLast();
        components.add(target);
        return String.join("/", Names.components(String.join("/", components)));
    }

    private Member file(String name, TarEntry entry, TarReader tar) throws IOException {
        Optional<Digest> digest = Members.digest(name);
        if (digest.isPresent() && ingest.hasBlob(digest.get())) {
            return new Member.Known(digest.get());
        }
        BufferedInputStream content = new BufferedInputStream(tar.content(), BUFFER);
        content.mark(BLOCK);
        byte[] start = content.readNBytes(BLOCK);
        content.reset();
        if (Compression.of(content) != Compression.NONE || TarReader.isArchive(start)) {
            return new Member.Layer(ingest.layer(new Counted(content, name, entry.size())));
        }
        return entry.size() > MAX_DOCUMENT ? new Member.Other() : new Member.Document(content.readAllBytes());
    }

    /// Tells how much of a layer has been read.
    private final class Counted extends FilterInputStream {
        private final String name;
        private final long size;
        private long count;

        Counted(InputStream content, String name, long size) {
            super(content);
            this.name = name;
            this.size = size;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            if (read > 0) {
                count += read;
                listener.read(name, count, size);
            }
            return read;
        }
    }
}
