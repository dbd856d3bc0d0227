package dev.gantry.e2e.images;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.DaemonUnderTest;
import dev.gantry.e2e.EndToEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// The image store's directory, as somebody else reads it: an OCI image layout, and layers beside it.
record StoreFiles(Path root) {
    static StoreFiles of(DaemonUnderTest daemon) {
        return new StoreFiles(daemon.directory().resolve("data/images"));
    }

    /// What is there is what the index needs: nothing partial, nothing left.
    void holdWhatTheIndexNeeds(String when) throws IOException {
        Set<String> blobs = new TreeSet<>();
        Set<String> layers = new TreeSet<>();
        for (JsonNode entry : json(root.resolve("content/index.json")).at("/manifests")) {
            collect(entry, blobs, layers);
        }
        assertThat(new TreeSet<>(names("content/blobs/sha256")))
                .as(when + ": blobs")
                .isEqualTo(blobs);
        assertThat(new TreeSet<>(names("layers"))).as(when + ": layers").isEqualTo(layers);
        assertThat(names("tmp")).as(when + ": unfinished work").isEmpty();
    }

    private void collect(JsonNode entry, Set<String> blobs, Set<String> layers) throws IOException {
        JsonNode document = blob(entry, blobs);
        for (JsonNode child : document.at("/manifests")) {
            if (Files.exists(path(child))) {
                collect(child, blobs, layers);
            }
        }
        if (document.has("config")) {
            document.at("/layers").forEach(layer -> blobs.add(hex(layer.at("/digest"))));
            blob(document.at("/config"), blobs).at("/rootfs/diff_ids").forEach(diffId -> layers.add(hex(diffId)));
        }
    }

    private JsonNode blob(JsonNode descriptor, Set<String> blobs) throws IOException {
        blobs.add(hex(descriptor.at("/digest")));
        return json(path(descriptor));
    }

    private Path path(JsonNode descriptor) {
        return root.resolve("content/blobs/sha256").resolve(hex(descriptor.at("/digest")));
    }

    private static String hex(JsonNode digest) {
        return digest.asString().substring("sha256:".length());
    }

    private static JsonNode json(Path file) throws IOException {
        return EndToEnd.json(Files.readString(file));
    }

    private List<String> names(String directory) throws IOException {
        try (Stream<Path> all = Files.list(root.resolve(directory))) {
            return all.map(each -> each.getFileName().toString()).toList();
        }
    }
}
