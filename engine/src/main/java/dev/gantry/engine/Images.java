package dev.gantry.engine;

import dev.gantry.engine.view.DeletedImage;
import dev.gantry.engine.view.HistoryItem;
import dev.gantry.engine.view.ImageSummary;
import dev.gantry.engine.view.ImageView;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Images on this host. A `ref` is a reference (`busybox`, `docker.io/library/busybox:latest`), an ID, or an
/// unambiguous beginning of an ID.
public interface Images {
    /// The images that match, newest first.
    ///
    /// @param filters `before, dangling, label, label!, reference, since, until`
    List<ImageSummary> list(boolean all, Filters filters);

    /// An image in full.
    ImageView inspect(String ref);

    /// How the image was made, newest layer first.
    List<HistoryItem> history(String ref);

    /// Makes an image of one layer out of a tar archive, which may be compressed.
    ///
    /// @return its ID, `sha256:…`
    String importTar(ImportRequest request);

    /// Gives the image another reference.
    ///
    /// @param tag null is `latest`
    void tag(String ref, String repository, @Nullable String tag);

    /// Removes a reference, and the image with the last one; by ID the image.
    ///
    /// @param force also when several references or a stopped container use it
    /// @param noPrune keeps parents without a reference
    List<DeletedImage> remove(String ref, boolean force, boolean noPrune);

    /// Removes images that no container uses.
    ///
    /// @param filters `dangling, label, label!, until`
    PrunedImages prune(Filters filters);

    /// A tar archive to become an image.
    ///
    /// @param archive read to its end, not closed
    /// @param reference null leaves the image without one
    /// @param changes Dockerfile instructions
    /// @param platform null is the host's
    record ImportRequest(
            InputStream archive,
            @Nullable String reference,
            List<String> changes,
            @Nullable String message,
            @Nullable String platform) {
        public ImportRequest {
            changes = List.copyOf(changes);
        }
    }

    /// What an image prune removed, and the bytes that it freed.
    record PrunedImages(List<DeletedImage> deleted, long reclaimed) {}
}
