package dev.gantry.registry;

import dev.gantry.oci.Digest;
import dev.gantry.oci.Json;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.Manifest;
import dev.gantry.oci.image.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// An image of random content: nothing here looks into layers.
@SuppressWarnings("ArrayRecordComponent") // never compared
record TestImage(Map<Descriptor, byte[]> blobs, Manifest manifest, byte[] document) {
    static final ProgressListener NOBODY = _ -> {};

    static TestImage ofLayers(long seed, int... sizes) {
        Random random = new Random(seed);
        Map<Descriptor, byte[]> blobs = new LinkedHashMap<>();
        List<Descriptor> layers = new ArrayList<>();
        for (int size : sizes) {
            byte[] layer = new byte[size];
            random.nextBytes(layer);
            Descriptor descriptor = Descriptor.of(MediaType.OCI_LAYER_GZIP, layer);
            layers.add(descriptor);
            blobs.put(descriptor, layer);
        }
        byte[] config = "{\"architecture\":\"amd64\",\"os\":\"linux\",\"seed\":%d}"
                .formatted(seed)
                .getBytes(StandardCharsets.UTF_8);
        Descriptor descriptor = Descriptor.of(MediaType.OCI_CONFIG, config);
        blobs.put(descriptor, config);
        Manifest manifest = Manifest.of(descriptor, layers);
        return new TestImage(blobs, manifest, Json.write(manifest));
    }

    Descriptor descriptor() {
        return Descriptor.of(MediaType.OCI_MANIFEST, document);
    }

    Digest push(Repository repository, String tag) throws IOException {
        for (var blob : blobs.entrySet()) {
            repository.upload(blob.getKey(), () -> new ByteArrayInputStream(blob.getValue()), NOBODY);
        }
        return repository.putManifest(tag, descriptor(), document);
    }

    static byte[] read(Repository repository, Descriptor descriptor) throws IOException {
        try (InputStream stream = repository.blob(descriptor)) {
            return stream.readAllBytes();
        }
    }
}
