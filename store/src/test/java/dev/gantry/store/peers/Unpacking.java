package dev.gantry.store.peers;

import dev.gantry.kernel.KernelException;
import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.image.MediaType;
import dev.gantry.store.Image;
import dev.gantry.store.ImageStore;
import dev.gantry.store.Ingest;
import dev.gantry.store.Tools;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// An image, unpacked by whoever needs no daemon for it.
final class Unpacking {
    private Unpacking() {}

    static TreeView byThisStore(ImageFiles files, Path scratch, Instant begin)
            throws IOException, InterruptedException {
        ImageStore store = ImageStore.open(scratch.resolve("store"));
        Image image;
        try (Ingest ingest = store.ingest()) {
            for (byte[] layer : files.layers()) {
                ingest.layer(ImageFiles.descriptor(layer), Digest.of(layer), () -> new ByteArrayInputStream(layer));
            }
            List<ImageReference> names = List.of(ImageReference.parse(ImageFiles.NAME));
            image = ingest.commit(MediaType.OCI_MANIFEST, files.manifest(), files.config(), names);
        } catch (MalformedException | EOFException | KernelException _) {
            return TreeView.REFUSED;
        }
        return TreeView.ofLayers(image.layerTrees(), Files.createDirectories(scratch.resolve("empty")), begin);
    }

    static TreeView byUmoci(ImageFiles files, Path scratch, Instant begin) throws IOException, InterruptedException {
        try {
            Tools.shell(scratch, "umoci unpack --image '" + files.directory() + ":odd' bundle");
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("unpack layer")) {
                return TreeView.REFUSED;
            }
            throw e;
        }
        return TreeView.of(scratch.resolve("bundle/rootfs"), begin);
    }
}
