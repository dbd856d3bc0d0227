package dev.gantry.store.peers;

import dev.gantry.oci.Digest;
import dev.gantry.oci.Json;
import dev.gantry.oci.Platform;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.Execution;
import dev.gantry.oci.image.History;
import dev.gantry.oci.image.ImageConfig;
import dev.gantry.oci.image.Index;
import dev.gantry.oci.image.Manifest;
import dev.gantry.oci.image.MediaType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// An image of these layers in a directory, for tools that read an OCI image layout and for those that read the
/// archives of `docker save`.
final class ImageFiles {
    static final String NAME = "odd:latest";

    private final Path directory;
    private final List<byte[]> layers;
    private final byte[] config;
    private final byte[] manifest;

    private ImageFiles(Path directory, List<byte[]> layers, byte[] config, byte[] manifest) {
        this.directory = directory;
        this.layers = layers;
        this.config = config;
        this.manifest = manifest;
    }

    Path directory() {
        return directory;
    }

    List<byte[]> layers() {
        return layers;
    }

    byte[] config() {
        return config.clone();
    }

    byte[] manifest() {
        return manifest.clone();
    }

    static ImageFiles write(Path directory, List<byte[]> layers) throws IOException {
        History step = new History(null, "somebody", null, null, false);
        byte[] config = Json.write(ImageConfig.of(
                Platform.host(),
                new Execution.Builder().cmd(List.of("/x")).build(),
                layers.stream().map(Digest::of).toList(),
                layers.stream().map(_ -> step).toList()));
        byte[] manifest = Json.write(Manifest.of(
                Descriptor.of(MediaType.OCI_CONFIG, config),
                layers.stream().map(ImageFiles::descriptor).toList()));
        ImageFiles files = new ImageFiles(directory, List.copyOf(layers), config, manifest);
        files.writeDocuments();
        return files;
    }

    static Descriptor descriptor(byte[] layer) {
        return Descriptor.of(MediaType.OCI_LAYER, layer);
    }

    private void writeDocuments() throws IOException {
        Files.createDirectories(directory.resolve("blobs/sha256"));
        for (byte[] layer : layers) {
            blob(layer);
        }
        Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        Descriptor entry = Descriptor.of(MediaType.OCI_MANIFEST, manifest)
                .withAnnotations(Map.of("org.opencontainers.image.ref.name", "odd"));
        blob(manifest);
        Files.write(directory.resolve("index.json"), Json.write(Index.of(List.of(entry))));
        String archived = "[{\"Config\":\"%s\",\"RepoTags\":[\"%s\"],\"Layers\":[%s]}]"
                .formatted(
                        blob(config),
                        NAME,
                        String.join(
                                ",",
                                layers.stream()
                                        .map(layer -> "\"" + name(layer) + "\"")
                                        .toList()));
        Files.write(directory.resolve("manifest.json"), archived.getBytes(StandardCharsets.UTF_8));
    }

    private static String name(byte[] content) {
        return "blobs/sha256/" + Digest.of(content).hex();
    }

    private String blob(byte[] content) throws IOException {
        Files.write(directory.resolve(name(content)), content);
        return name(content);
    }
}
