package dev.gantry.store;

import dev.gantry.oci.Digest;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.ImageConfig;
import dev.gantry.oci.image.Manifest;
import dev.gantry.store.space.FullDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Unpacks a layer again, from the blob of an image that has it.
record LayerRestoration(Blobs blobs, LayoutIndex index, TemporaryFiles temporary) {
    /// Gives the layer to its new place, with its work directory still there.
    interface Place {
        void take(LayerWriter.Unfinished layer) throws IOException;
    }

    /// @throws IOException if no image has the layer, or its blob does not hold it
    void restore(Digest diffId, Catalogue catalogue, Place place) throws IOException {
        Path work = temporary.directory();
        Digest digest = blob(diffId, catalogue);
        try (InputStream blob = blobs.open(digest)) {
            LayerWriter.Unfinished layer = LayerWriter.write(blob, work, digest.algorithm(), diffId.algorithm());
            if (!layer.diffId().equals(diffId)) {
                throw new MalformedException("blob of layer %s holds %s".formatted(diffId, layer.diffId()));
            }
            SafeTree.syncFileSystem(work);
            place.take(layer);
        } catch (IOException e) {
            throw FullDisk.explained(e, work);
        } finally {
            temporary.delete(work);
        }
    }

    private Digest blob(Digest diffId, Catalogue catalogue) throws NoSuchFileException {
        List<Descriptor> entries = new ArrayList<>(catalogue.unreadable());
        catalogue.images().values().forEach(image -> entries.add(image.manifest()));
        for (Descriptor each : entries) {
            LayoutIndex.Contents contents = index.contents(each);
            Manifest manifest = contents.manifest();
            ImageConfig config = contents.config();
            int position = config == null ? -1 : config.rootfs().diffIds().indexOf(diffId);
            if (manifest != null
                    && position >= 0
                    && position < manifest.layers().size()) {
                Digest found = manifest.layers().get(position).digest();
                if (blobs.has(found)) {
                    return found;
                }
            }
        }
        throw new NoSuchFileException("blob of layer " + diffId);
    }
}
