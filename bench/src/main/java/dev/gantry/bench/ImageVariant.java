package dev.gantry.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// A [LargeImage] with other digests, for an engine that has seen the one before: each layer begins with a file of its
/// own, in a gzip member of its own (RFC 1952, section 2.2).
///
/// Removing an image and taking in the same again would measure something else: ext4 looks at every inode of a group
/// that was deleted during the last minute, for each file that is made (`recently_deleted` in fs/ext4/ialloc.c), which
/// took two thirds of the time.
record ImageVariant(Path layout) {
    private static final int BUFFER = 1 << 20;
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

    private record Blob(String digest, long size) {}

    /// @param layers the blobs of the image's layers, lowest first
    /// @param name of the layers' own files, which no other variant has
    /// @param layout a directory that is made
    static ImageVariant make(List<Path> layers, String name, Path layout) throws IOException {
        Path blobs = Files.createDirectories(layout.resolve("blobs/sha256"));
        Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        List<Blob> compressed = new ArrayList<>();
        List<String> diffIds = new ArrayList<>();
        for (Path layer : layers) {
            byte[] first = member("%s-%d".formatted(name, compressed.size()));
            Path blob = layout.resolve("blob");
            try (InputStream rest = Files.newInputStream(layer)) {
                Files.copy(new SequenceInputStream(new ByteArrayInputStream(first), rest), blob);
            }
            try (InputStream in = new BufferedInputStream(Files.newInputStream(blob), BUFFER)) {
                compressed.add(new Blob(digest(in), Files.size(blob)));
            }
            try (InputStream in = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(blob), BUFFER))) {
                diffIds.add(digest(in));
            }
            Files.move(blob, blobs.resolve(compressed.getLast().digest()));
        }
        Blob config = write(blobs, config(diffIds));
        Blob manifest = write(blobs, manifest(config, compressed));
        Files.writeString(
                layout.resolve("index.json"),
                "{\"schemaVersion\":2,\"manifests\":[%s]}"
                        .formatted(descriptor(
                                MANIFEST,
                                manifest,
                                ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"image\"}")));
        return new ImageVariant(layout);
    }

    /// The beginning of an archive with one file, without the archive's end.
    private static byte[] member(String name) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        byte[] header = new byte[TarConstants.DEFAULT_RCDSIZE];
        entry.writeEntryHeader(header);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(header);
        }
        return bytes.toByteArray();
    }

    private static String config(List<String> diffIds) {
        return "{\"architecture\":\"%s\",\"os\":\"linux\",\"config\":{\"Cmd\":[\"sh\"]},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[%s]}}"
                .formatted(
                        System.getProperty("os.arch").toLowerCase(Locale.ROOT).equals("aarch64") ? "arm64" : "amd64",
                        diffIds.stream().map("\"sha256:%s\""::formatted).collect(Collectors.joining(",")));
    }

    private static String manifest(Blob config, List<Blob> layers) {
        return "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
                .formatted(
                        MANIFEST,
                        descriptor("application/vnd.oci.image.config.v1+json", config, ""),
                        layers.stream()
                                .map(each -> descriptor("application/vnd.oci.image.layer.v1.tar+gzip", each, ""))
                                .collect(Collectors.joining(",")));
    }

    private static String descriptor(String mediaType, Blob blob, String more) {
        return "{\"mediaType\":\"%s\",\"digest\":\"sha256:%s\",\"size\":%d%s}"
                .formatted(mediaType, blob.digest(), blob.size(), more);
    }

    private static Blob write(Path blobs, String document) throws IOException {
        byte[] content = document.getBytes(StandardCharsets.UTF_8);
        String digest = digest(new ByteArrayInputStream(content));
        Files.write(blobs.resolve(digest), content);
        return new Blob(digest, content.length);
    }

    private static String digest(InputStream in) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
