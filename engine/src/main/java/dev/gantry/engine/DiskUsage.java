package dev.gantry.engine;

import dev.gantry.engine.view.ContainerSummary;
import dev.gantry.engine.view.ImageSummary;
import dev.gantry.engine.view.PrunePreview;
import dev.gantry.engine.view.VolumeView;
import java.util.List;

/// What all of it takes on the disk, and what a prune would free: in bytes that the file system has allocated, as
/// du(1) counts them.
public interface DiskUsage {
    /// Everything below the image store. Content that images share counts once here, and in the size of each of them.
    ImageUsage images();

    /// Every container; its own size is all that goes with it, its log too.
    List<ContainerSummary> containers();

    /// Every volume.
    List<VolumeView> volumes();

    /// What a prune of everything unused would remove, and why. Nothing is removed; the prune does the same, unless
    /// something changes before.
    ///
    /// @param allImages also images that have a name
    /// @param volumes also volumes that nobody has named
    /// @param filters `label, label!, until`; the last not together with volumes
    PrunePreview preview(boolean allImages, boolean volumes, Filters filters);

    /// What the image store takes.
    ///
    /// @param total everything below its root
    /// @param layers unpacked layers
    /// @param blobs what came from registries and archives, compressed as it came
    record ImageUsage(long total, long layers, long blobs, List<ImageSummary> images) {
        public ImageUsage {
            images = List.copyOf(images);
        }
    }
}
