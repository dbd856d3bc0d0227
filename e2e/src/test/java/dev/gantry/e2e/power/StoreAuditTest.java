package dev.gantry.e2e.power;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The audit itself: it notices what is missing, damaged or left, also of the images of an index in an index.
class StoreAuditTest {
    private static final String ABSENT = "0".repeat(64);

    @TempDir
    private Path store;

    private String layer;
    private String manifest;

    @BeforeEach
    void makeAStore() throws IOException {
        Files.createDirectories(store.resolve("content/blobs/sha256"));
        Files.createDirectories(store.resolve("tmp"));
        layer = put("layer");
        Files.createDirectories(store.resolve("layers").resolve(layer));
        String config = put("{\"rootfs\": {\"diff_ids\": [\"sha256:%s\"]}}".formatted(layer));
        manifest =
                put("{\"config\": {\"digest\": \"sha256:%s\"}, \"layers\": [{\"digest\": \"sha256:%s\", \"size\": 5}]}"
                        .formatted(config, layer));
        Files.writeString(store.resolve("content/index.json"), index(put(index(put(index(manifest, ABSENT))))));
    }

    private static String index(String... manifests) {
        StringBuilder entries = new StringBuilder();
        for (String each : manifests) {
            entries.append(entries.isEmpty() ? "" : ", ").append("{\"digest\": \"sha256:%s\"}".formatted(each));
        }
        return "{\"manifests\": [%s]}".formatted(entries);
    }

    private String put(String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.US_ASCII);
        try {
            String digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            Files.write(blob(digest), bytes);
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path blob(String digest) {
        return store.resolve("content/blobs/sha256").resolve(digest);
    }

    @Test
    void isContentWithAllThatAnIndexInAnIndexNeeds() throws IOException {
        assertThat(StoreAudit.of(store)).isEmpty();
    }

    @Test
    void noticesWhatIsMissing() throws IOException {
        Files.delete(blob(layer));
        assertThat(StoreAudit.of(store)).contains("blob " + layer + " is missing");
    }

    @Test
    void noticesAnIndexWithoutImages() throws IOException {
        Files.delete(blob(manifest));
        assertThat(StoreAudit.of(store)).anyMatch(each -> each.endsWith(" has no image that is there"));
    }

    @Test
    void noticesDamageAndWhatNobodyNeeds() throws IOException {
        Files.writeString(blob(layer), "LAYER");
        String left = put("left");
        assertThat(StoreAudit.of(store))
                .contains("blob " + layer + " is damaged")
                .anyMatch(each -> each.startsWith("blobs: there are ") && each.contains(left));
    }
}
