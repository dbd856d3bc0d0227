package dev.gantry.engine;

import dev.gantry.engine.request.ImportRequest;
import dev.gantry.engine.request.LoadRequest;
import dev.gantry.engine.request.PullRequest;
import dev.gantry.engine.request.PushRequest;
import dev.gantry.engine.view.DeletedImage;
import dev.gantry.engine.view.HistoryItem;
import dev.gantry.engine.view.ImageSummary;
import dev.gantry.engine.view.ImageView;
import dev.gantry.engine.view.PushNotice;
import dev.gantry.oci.Platform;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Images on this host. A `ref` is a reference (`busybox`, `docker.io/library/busybox:latest`), an ID, or an
/// unambiguous beginning of an ID.
public interface Images {
    /// The images that match, newest first.
    ///
    /// @param filters `before, dangling, label, label!, reference, since, until`
    /// @param manifests whether each is to tell its platforms
    List<ImageSummary> list(boolean all, Filters filters, boolean manifests);

    /// The images that match, newest first.
    default List<ImageSummary> list(boolean all, Filters filters) {
        return list(all, filters, false);
    }

    /// An image in full.
    ///
    /// @param platform of several that the reference has; null is the one that it means
    /// @param manifests whether it is to tell its platforms
    ImageView inspect(String ref, @Nullable Platform platform, boolean manifests);

    /// The image that the reference means, in full.
    default ImageView inspect(String ref) {
        return inspect(ref, null, false);
    }

    /// How the image was made, newest layer first.
    ///
    /// @param platform of several that the reference has; null is the one that it means
    List<HistoryItem> history(String ref, @Nullable Platform platform);

    /// Makes an image of one layer out of a tar archive, which may be compressed.
    ///
    /// @return its ID, `sha256:…`
    String importTar(ImportRequest request);

    /// Fetches an image from a registry. Returns when it is in the store; an interrupt ends it before.
    ///
    /// @param progress is called by one thread at a time, the first time when the registry has answered
    void pull(PullRequest request, Consumer<Progress> progress);

    /// Makes an archive of images, which is written when the caller asks for it.
    ///
    /// @param refs a repository without a tag is all its tags
    /// @param platforms of several that a reference has, those to save; none is all that are here
    SavedImages save(List<String> refs, List<Platform> platforms);

    /// An archive that can be written once. What it needs stays until it is closed.
    interface SavedImages extends AutoCloseable {
        void writeTo(OutputStream out) throws IOException;

        @Override
        void close();
    }

    /// Takes the images of an archive in: Docker's or an OCI layout, plain or compressed.
    ///
    /// @param progress is called by the thread that loads
    /// @return a line for each image and name, in Docker's words
    List<String> load(LoadRequest request, Consumer<Progress> progress);

    /// Sends an image to the registry of its name, or every tag that the repository has here. Of a name of an index
    /// with several platforms here, all of them are sent, and the index. Returns when the registry has it; an
    /// interrupt ends it before.
    ///
    /// @param progress is called by one thread at a time, the first time before the registry is asked
    /// @param notices for programs: of each tag that the registry has now, for instance
    void push(PushRequest request, Consumer<Progress> progress, Consumer<PushNotice> notices);

    /// Gives the image another reference.
    ///
    /// @param tag null is `latest`
    void tag(String ref, String repository, @Nullable String tag);

    /// Removes a reference, and the image with the last one; by ID the image.
    ///
    /// @param force also when several references or a stopped container use it
    /// @param noPrune keeps parents without a reference
    /// @param platforms of several that the reference has: these alone; none is all, with the reference
    List<DeletedImage> remove(String ref, boolean force, boolean noPrune, List<Platform> platforms);

    /// Removes images that no container uses.
    ///
    /// @param filters `dangling, label, label!, until`
    PrunedImages prune(Filters filters);

    /// What an image prune removed, and the bytes that it freed.
    record PrunedImages(List<DeletedImage> deleted, long reclaimed) {}

    /// A message about an image on its way, in Docker's words.
    ///
    /// @param id what it is about: a layer's short digest, a tag; null for the whole
    /// @param amount how much of it is done; null where that makes no sense
    record Progress(
            @Nullable String id, String status, @Nullable Amount amount) {
        /// In bytes.
        public record Amount(long current, long total) {}

        /// About the whole.
        public static Progress of(String status) {
            return new Progress(null, status, null);
        }

        /// About a part.
        public static Progress of(String id, String status) {
            return new Progress(id, status, null);
        }
    }
}
