package dev.gantry.e2e.power;

import dev.gantry.e2e.BusyboxImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// Archives, of random content unless they are given some.
public record Archives(Random random) {
    private static final int MOST_FILES = 20;
    private static final int LARGEST_FILE = 100_000;

    /// A root file system.
    byte[] tar() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            int files = 1 + random.nextInt(MOST_FILES);
            for (int i = 0; i < files; i++) {
                byte[] content = new byte[random.nextInt(LARGEST_FILE)];
                random.nextBytes(content);
                BusyboxImage.file(tar, "file" + i, 0644, content);
            }
        }
        return bytes.toByteArray();
    }

    /// An image as `docker save` writes it.
    byte[] image(String name) throws IOException {
        return image(name, tar());
    }

    /// The same, of a root file system.
    public static byte[] image(String name, byte[] layer) throws IOException {
        byte[] config = """
                {"architecture": "amd64", "os": "linux", "config": {}, "history": [],
                "rootfs": {"type": "layers", "diff_ids": ["sha256:%s"]}}""".formatted(sha256(layer)).getBytes(StandardCharsets.US_ASCII);
        String configName = sha256(config) + ".json";
        byte[] manifest = """
                [{"Config": "%s", "RepoTags": ["%s"], "Layers": ["layer.tar"]}]""".formatted(configName, name).getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            BusyboxImage.file(tar, "layer.tar", 0644, layer);
            BusyboxImage.file(tar, configName, 0644, config);
            BusyboxImage.file(tar, "manifest.json", 0644, manifest);
        }
        return bytes.toByteArray();
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
