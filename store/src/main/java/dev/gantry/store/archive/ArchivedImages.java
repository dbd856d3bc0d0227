package dev.gantry.store.archive;

import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.Platform;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.ImageConfig;
import dev.gantry.oci.image.Manifest;
import dev.gantry.oci.image.MediaType;
import dev.gantry.store.Image;
import dev.gantry.store.ImageIndex;
import dev.gantry.store.ImageStore;
import dev.gantry.store.Ingest;
import dev.gantry.store.Ingest.Arrived;
import dev.gantry.store.archive.Members.Member;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes images of what an archive has brought, and compares it with what its documents say.
final class ArchivedImages {
    private final ImageStore store;
    private final Ingest ingest;
    private final Members members;

    ArchivedImages(ImageStore store, Ingest ingest, Members members) {
        this.store = store;
        this.ingest = ingest;
        this.members = members;
    }

    Ingest ingest() {
        return ingest;
    }

    /// A document by the name of its member; empty if there is none.
    Optional<byte[]> document(String name) throws IOException {
        return members.find(name) instanceof Member.Known(Digest digest)
                ? Optional.of(ingest.document(digest))
                : members.document(name);
    }

    /// A document by its digest; empty if the archive does not have it.
    Optional<byte[]> document(Descriptor descriptor) throws IOException {
        String name = Members.name(descriptor.digest());
        Optional<byte[]> content = document(name);
        if (content.isPresent()) {
            Digest actual = digest(descriptor.digest().algorithm(), content.get());
            if (!actual.equals(descriptor.digest())) {
                throw new MalformedException("archive member \"%s\" has the digest %s".formatted(name, actual));
            }
        }
        return content;
    }

    private static Digest digest(Digest.Algorithm algorithm, byte[] content) {
        var computation = algorithm.newMessageDigest();
        computation.update(content);
        return algorithm.finish(computation);
    }

    /// What an image says that it runs on.
    Platform platform(Manifest manifest) throws IOException {
        return ImageConfig.parse(config(manifest)).platform();
    }

    private byte[] config(Manifest manifest) throws IOException {
        return document(manifest.config())
                .orElseThrow(() -> missing(Members.name(manifest.config().digest())));
    }

    /// An image by its manifest, which stays as it is.
    ///
    /// @param index that has it, if it is in one
    Image commit(
            @Nullable ImageIndex index,
            String mediaType,
            byte[] document,
            Manifest manifest,
            List<ImageReference> names)
            throws IOException, InterruptedException {
        byte[] config = config(manifest);
        List<Digest> diffIds = ImageConfig.parse(config).rootfs().diffIds();
        if (diffIds.size() != manifest.layers().size()) {
            throw new MalformedException("manifest with %d layers for a configuration with %d"
                    .formatted(manifest.layers().size(), diffIds.size()));
        }
        for (int i = 0; i < diffIds.size(); i++) {
            requireLayer(manifest.layers().get(i), diffIds.get(i));
        }
        return index == null
                ? ingest.commit(mediaType, document, config, names)
                : ingest.commit(index, mediaType, document, config, names);
    }

    private void requireLayer(Descriptor blob, Digest diffId) throws IOException, InterruptedException {
        String name = Members.name(blob.digest());
        if (members.find(name) instanceof Member.Layer(Arrived arrived)) {
            requireEqual(name, blob.digest(), arrived.blob().digest());
            requireEqual(name, diffId, arrived.diffId());
            return;
        }
        if (!ingest.hasBlob(blob.digest())) {
            throw missing(name);
        }
        // unpacks it, if that was not done before
        ingest.layer(blob, diffId, () -> ingest.open(blob.digest()));
    }

    /// An image by its configuration and layers alone. One that is here keeps its manifest.
    ///
    /// @param layers names of members, bottom first
    Image commit(byte[] config, List<String> layers, List<ImageReference> names) throws IOException {
        List<Digest> diffIds = ImageConfig.parse(config).rootfs().diffIds();
        if (diffIds.size() != layers.size()) {
            throw new MalformedException(
                    "archive names %d layers of a configuration with %d".formatted(layers.size(), diffIds.size()));
        }
        List<Descriptor> blobs = new ArrayList<>();
        for (int i = 0; i < diffIds.size(); i++) {
            blobs.add(blob(layers.get(i), diffIds.get(i)));
        }
        Optional<Image> present = store.find(Digest.of(config).toString());
        if (present.isPresent()) {
            byte[] manifest = ingest.document(present.get().manifest().digest());
            return ingest.commit(present.get().manifest().mediaType(), manifest, config, names);
        }
        byte[] manifest = Json.write(Manifest.of(Descriptor.of(MediaType.OCI_CONFIG, config), blobs));
        return ingest.commit(MediaType.OCI_MANIFEST, manifest, config, names);
    }

    private Descriptor blob(String name, Digest diffId) throws IOException {
        Optional<Descriptor> known = ingest.blobOf(diffId);
        return switch (members.find(name)) {
            case Member.Layer(Arrived arrived) -> {
                requireEqual(name, diffId, arrived.diffId());
                yield known.orElse(arrived.blob());
            }
            case Member.Known(Digest digest) ->
                known.orElseThrow(() -> new MalformedException(
                        "archive member \"%s\" is the blob %s, want layer %s".formatted(name, digest, diffId)));
            case null -> throw missing(name);
            case Member.Document _, Member.Link _, Member.Other _ ->
                throw new MalformedException("archive member \"%s\" is no layer".formatted(name));
        };
    }

    private static void requireEqual(String name, Digest wanted, Digest got) throws MalformedException {
        if (!wanted.equals(got)) {
            throw new MalformedException("archive member \"%s\" is the layer %s, want %s".formatted(name, got, wanted));
        }
    }

    static MalformedException missing(String name) {
        return new MalformedException("archive has no member \"%s\"".formatted(name));
    }
}
