package dev.gantry.e2e.power;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A look at an image store that uses none of Gantry's own code: what the index names is there and whole, and there is
/// nothing else.
final class StoreAudit {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path store;
    private final List<String> problems = new ArrayList<>();
    private final Set<String> blobs = new TreeSet<>();
    private final Set<String> layers = new TreeSet<>();

    private StoreAudit(Path store) {
        this.store = store;
    }

    /// What is wrong.
    static List<String> of(Path store) throws IOException {
        StoreAudit audit = new StoreAudit(store);
        for (JsonNode entry : JSON.readTree(Files.readAllBytes(store.resolve("content/index.json")))
                .at("/manifests")) {
            audit.entry(hex(entry.at("/digest")));
        }
        audit.compare("blobs", audit.blobs, names(store.resolve("content/blobs/sha256")));
        audit.compare("layers", audit.layers, names(store.resolve("layers")));
        audit.compare("unfinished work", Set.of(), names(store.resolve("tmp")));
        return audit.problems;
    }

    /// Blobs and layers.
    static List<Path> content(Path store) throws IOException {
        List<Path> all = new ArrayList<>();
        for (String directory : List.of("content/blobs/sha256", "layers", "tmp")) {
            for (String name : names(store.resolve(directory))) {
                all.add(store.resolve(directory).resolve(name));
            }
        }
        return all;
    }

    /// An image, or an index of several: platforms that nobody has pulled are not there, but one is.
    private void entry(String digest) throws IOException {
        JsonNode document = JSON.readTree(blob(digest));
        if (document.has("config")) {
            image(document);
            return;
        }
        int found = 0;
        for (JsonNode child : document.at("/manifests")) {
            String name = hex(child.at("/digest"));
            if (Files.exists(path(name))) {
                entry(name);
                found++;
            }
        }
        if (found == 0) {
            problems.add("index %s has no image that is there".formatted(digest));
        }
    }

    private void image(JsonNode manifest) throws IOException {
        JsonNode config = JSON.readTree(blob(hex(manifest.at("/config/digest"))));
        for (JsonNode layer : manifest.at("/layers")) {
            byte[] content = blob(hex(layer.at("/digest")));
            if (content.length != layer.at("/size").asInt()) {
                problems.add("blob %s has %d bytes and is to have %s"
                        .formatted(layer.at("/digest"), content.length, layer.at("/size")));
            }
        }
        for (JsonNode layer : config.at("/rootfs/diff_ids")) {
            layers.add(hex(layer));
        }
    }

    private byte[] blob(String digest) throws IOException {
        blobs.add(digest);
        try {
            byte[] content = Files.readAllBytes(path(digest));
            String found = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
            if (!found.equals(digest)) {
                problems.add("blob %s is damaged".formatted(digest));
            }
            return content;
        } catch (NoSuchFileException _) {
            problems.add("blob %s is missing".formatted(digest));
            return "{}".getBytes(StandardCharsets.US_ASCII);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path path(String digest) {
        return store.resolve("content/blobs/sha256").resolve(digest);
    }

    private void compare(String what, Set<String> wanted, Set<String> found) {
        if (!wanted.equals(found)) {
            problems.add("%s: there are %s and are to be %s".formatted(what, found, wanted));
        }
    }

    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return new TreeSet<>(
                    all.map(each -> String.valueOf(each.getFileName())).toList());
        }
    }

    private static String hex(JsonNode digest) {
        return digest.asString().substring("sha256:".length());
    }
}
