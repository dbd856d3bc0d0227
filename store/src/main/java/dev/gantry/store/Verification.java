package dev.gantry.store;

import dev.gantry.oci.Digest;
import dev.gantry.oci.image.Manifest;
import dev.gantry.store.space.FullDisk;
import dev.gantry.store.tar.TreeDigest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Compares what images have on disk with their digests: a blob with its own, a layer's tree with what its blob gives
/// when it is unpacked once more. A layer that images share is unpacked once.
final class Verification {
    private final Blobs blobs;
    private final TemporaryFiles temporary;
    private final Set<Digest> compared = new HashSet<>();
    private final List<StoreDamage> problems = new ArrayList<>();

    Verification(Blobs blobs, TemporaryFiles temporary) {
        this.blobs = blobs;
        this.temporary = temporary;
    }

    /// What has been found so far.
    List<StoreDamage> problems() {
        return problems;
    }

    void add(StoreDamage problem) {
        problems.add(problem);
    }

    void run(Image image, Manifest manifest) throws IOException {
        if (image.index() != null) {
            boolean _ = blob(image, image.index().descriptor().digest());
        }
        for (int i = 0; i < image.layers().size(); i++) {
            Layer layer = image.layers().get(i);
            boolean whole = i < manifest.layers().size()
                    && blob(image, manifest.layers().get(i).digest());
            if (!Files.isDirectory(layer.tree())) {
                problems.add(new StoreDamage.BrokenLayer(layer.diffId(), "its tree is missing", whole));
            } else if (whole && compared.add(layer.diffId())) {
                tree(layer, manifest.layers().get(i).digest());
            }
        }
    }

    private boolean blob(Image image, Digest expected) throws IOException {
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

    private void tree(Layer layer, Digest blob) throws IOException {
        try {
            compare(layer, blob);
        } catch (IOException e) {
            if (!FullDisk.isReasonOf(e)) {
                throw e;
            }
            String why = String.valueOf(FullDisk.explained(e, temporary.root()).getMessage());
            problems.add(new StoreDamage.UncheckedLayer(layer.diffId(), why));
        }
    }

    private void compare(Layer layer, Digest blob) throws IOException {
        Path work = temporary.directory();
        try (InputStream content = blobs.open(blob)) {
            LayerWriter.Unfinished unpacked = LayerWriter.write(
                    content, work, blob.algorithm(), layer.diffId().algorithm());
            if (!digest(Layers.tree(unpacked.directory())).equals(digest(layer.tree()))) {
                problems.add(new StoreDamage.BrokenLayer(
                        layer.diffId(), "was changed: its tree is not what its blob gives", true));
            }
        } finally {
            temporary.delete(work);
        }
    }

    private static Digest digest(Path directory) throws IOException {
        try (SafeTree tree = SafeTree.open(directory)) {
            return TreeDigest.of(tree);
        }
    }
}
