package dev.gantry.store;

import dev.gantry.oci.Digest;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.Manifest;
import dev.gantry.store.tar.TreeDigest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/// Compares what an image has on disk with its digests.
final class Verification {
    private final Blobs blobs;
    private final Image image;
    private final List<Problem> problems = new ArrayList<>();

    Verification(Blobs blobs, Image image) {
        this.blobs = blobs;
        this.image = image;
    }

    List<Problem> run(Manifest manifest) throws IOException {
        for (Descriptor layer : manifest.layers()) {
            blob(layer);
        }
        for (Layer layer : image.layers()) {
            tree(layer);
        }
        return problems;
    }

    private void blob(Descriptor descriptor) throws IOException {
        Digest expected = descriptor.digest();
        MessageDigest computation = expected.algorithm().newMessageDigest();
        byte[] buffer = new byte[128 << 10];
        try (InputStream in = blobs.open(expected)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                computation.update(buffer, 0, count);
            }
        } catch (NoSuchFileException _) {
            problems.add(new Problem(image.id(), "blob " + expected, "is missing"));
            return;
        }
        Digest actual = expected.algorithm().finish(computation);
        if (!actual.equals(expected)) {
            problems.add(new Problem(image.id(), "blob " + expected, "has the digest " + actual));
        }
    }

    private void tree(Layer layer) throws IOException {
        String subject = "layer " + layer.diffId();
        try (SafeTree tree = SafeTree.open(layer.tree())) {
            Digest actual = TreeDigest.of(tree).digest();
            if (!actual.equals(layer.treeDigest())) {
                problems.add(new Problem(image.id(), subject, "was changed: its tree has the digest " + actual));
            }
        }
    }
}
