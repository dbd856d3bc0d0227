package dev.gantry.store;

import dev.gantry.oci.Digest;
import dev.gantry.oci.MalformedException;
import dev.gantry.store.space.FullDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Content by digest: `blobs/<algorithm>/<hex>` of an OCI image layout. A blob never changes.
final class Blobs {
    /// The largest document that is read into memory.
    private static final int MAX_DOCUMENT = 16 << 20;

    private final Path directory;
    private final TemporaryFiles temporary;

    Blobs(Path directory, TemporaryFiles temporary) throws IOException {
        this.directory = directory;
        this.temporary = temporary;
        Durable.directory(directory, "rwx------");
        for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
            Durable.directory(directory.resolve(algorithm.label()), "rwx------");
        }
    }

    Path path(Digest digest) {
        return directory.resolve(digest.algorithm().label()).resolve(digest.hex());
    }

    boolean has(Digest digest) {
        return Files.isRegularFile(path(digest));
    }

    /// Stores a small document and syncs it.
    Digest put(byte[] content) throws IOException {
        Digest digest = Digest.of(content);
        if (!has(digest)) {
            try {
                Durable.replace(path(digest), temporary.file(), content);
            } catch (IOException e) {
                throw FullDisk.explained(e, directory);
            }
        }
        return digest;
    }

    /// Takes over a file whose content has this digest and is synced.
    void adopt(Path file, Digest digest) throws IOException {
        if (has(digest)) {
            Files.delete(file);
            return;
        }
        Files.move(file, path(digest), StandardCopyOption.ATOMIC_MOVE);
        Durable.syncDirectory(directory.resolve(digest.algorithm().label()));
    }

    /// Reads a document and compares it with its digest before anyone parses it.
    ///
    /// @throws NoSuchFileException if it is not there
    byte[] read(Digest digest) throws IOException {
        byte[] content;
        try (InputStream in = open(digest)) {
            content = in.readNBytes(MAX_DOCUMENT + 1);
        }
        MessageDigest computation = digest.algorithm().newMessageDigest();
        computation.update(content);
        if (content.length > MAX_DOCUMENT
                || !digest.algorithm().finish(computation).equals(digest)) {
            throw new MalformedException("blob %s is damaged".formatted(digest));
        }
        return content;
    }

    InputStream open(Digest digest) throws IOException {
        return Files.newInputStream(path(digest));
    }

    /// What has a digest for its name.
    List<Digest> list() throws IOException {
        List<Digest> digests = new ArrayList<>();
        for (Path file : files()) {
            digest(file).ifPresent(digests::add);
        }
        return digests;
    }

    /// What has not.
    List<Path> strangers() throws IOException {
        return files().stream().filter(file -> digest(file).isEmpty()).toList();
    }

    private List<Path> files() throws IOException {
        List<Path> all = new ArrayList<>();
        for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
            try (Stream<Path> files = Files.list(directory.resolve(algorithm.label()))) {
                files.forEach(all::add);
            }
        }
        return all;
    }

    private Optional<Digest> digest(Path file) {
        Path relative = directory.relativize(file);
        try {
            return Optional.of(Digest.parse(relative.getName(0) + ":" + relative.getFileName()));
        } catch (MalformedException _) {
            return Optional.empty();
        }
    }

    /// Frees a blob.
    ///
    /// @return its bytes
    long delete(Digest digest) throws IOException {
        Path file = path(digest);
        long size = Files.exists(file) ? Files.size(file) : 0;
        Files.deleteIfExists(file);
        return size;
    }
}
