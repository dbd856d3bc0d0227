package dev.gantry.store.archive;

import dev.gantry.oci.ImageReference;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.Platform;
import dev.gantry.store.Image;
import dev.gantry.store.ImageStore;
import dev.gantry.store.Ingest;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// Takes the images of an archive into the store.
///
/// @param platforms of images that are in an index, those to take; empty for all
public record ImageLoad(ImageStore store, List<Platform> platforms, Listener listener) {
    public ImageLoad {
        platforms = List.copyOf(platforms);
    }

    /// Is told how far a layer has been read. Called by the thread that loads.
    @FunctionalInterface
    public interface Listener {
        void read(String member, long current, long total);
    }

    /// An image that is in the store now.
    ///
    /// @param names that the archive gives it
    public record Loaded(Image image, List<ImageReference> names) {
        public Loaded {
            names = List.copyOf(names);
        }
    }

    /// Reads an archive to its end. Nothing of one that is not whole stays.
    ///
    /// @param archive Docker's or an OCI layout, plain or compressed
    /// @throws MalformedException if it is neither, or its content is not what its documents say
    public List<Loaded> run(InputStream archive) throws IOException, InterruptedException {
        boolean complete = false;
        try (Ingest ingest = store.ingest()) {
            Members members = new ArchiveReader(ingest, listener).read(archive);
            ArchivedImages images = new ArchivedImages(store, ingest, members);
            List<Loaded> loaded = members.find(OciLayout.FILE) == null
                    ? new DockerArchive(images, platforms).load()
                    : new OciLayout(images, platforms).load();
            complete = true;
            return loaded;
        } finally {
            if (!complete) {
                long _ = store.collectGarbage();
            }
        }
    }
}
