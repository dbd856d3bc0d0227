package dev.gantry.store;

import dev.gantry.oci.Digest;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.Manifest;
import dev.gantry.store.tar.TreeDigest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/// Compares what an image has on disk with its digests.
final class Verification {
    private final Blobs blobs;
    private final Image image;
    private final List<StoreDamage> problems = new ArrayList<>();

    Verification(Blobs blobs, Image image) {
        this.blobs = blobs;
        this.image = image;
    }

    List<StoreDamage> run(Manifest manifest) throws IOException {
        for (int i = 0; i < image.layers().size(); i++) {
            boolean whole =
                    i < manifest.layers().size() && blob(manifest.layers().get(i));
            tree(image.layers().get(i), whole);
        }
        return problems;
    }

    private boolean blob(Descriptor descriptor) throws IOException {
        Digest expected = descriptor.digest();
        MessageDigest computation = expected.algorithm().newMessageDigest();
        byte[] buffer = new byte[128 << 10];
        try (InputStream in = blobs.open(expected)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                computation.update(buffer, 0, count);
            }
        } catch (NoSuchFileException _) {
            problems.add(new StoreDamage.BrokenBlob(expected, image.id(), "is missing"));
            return false;
        }
        Digest actual = expected.algorithm().finish(computation);
        if (!actual.equals(expected)) {
            problems.add(new StoreDamage.BrokenBlob(expected, image.id(), "has the digest " + actual));
        }
        return actual.equals(expected);
    }

    private void tree(Layer layer, boolean restorable) throws IOException {
        if (!Files.isDirectory(layer.tree())) {
            problems.add(new StoreDamage.BrokenLayer(layer.diffId(), "its tree is missing", restorable));
            return;
        }
        try (SafeTree tree = SafeTree.open(layer.tree())) {
            Digest actual = TreeDigest.of(tree).digest();
            if (!actual.equals(layer.treeDigest())) {
                problems.add(new StoreDamage.BrokenLayer(
                        layer.diffId(), "was changed: its tree has the digest " + actual, restorable));
            }
        }
    }
}
