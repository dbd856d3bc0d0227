package dev.gantry.engine;

import dev.gantry.engine.view.DeletedImage;
import dev.gantry.engine.view.HistoryItem;
import dev.gantry.engine.view.ImageSummary;
import dev.gantry.engine.view.ImageView;
import java.io.InputStream;
import java.util.List;
import java.util.function.Consumer;
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

    /// Fetches an image from a registry. Returns when it is in the store; an interrupt ends it before.
    ///
    /// @param progress is called by one thread at a time, the first time when the registry has answered
    void pull(PullRequest request, Consumer<Progress> progress);

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

    /// What is wanted from a registry.
    ///
    /// @param reference with a tag or a digest, or neither: `latest`
    /// @param everyTag every tag of the repository, if the reference has none
    /// @param platform `os[/architecture[/variant]]`; null is the host's
    /// @param login null is anonymous
    record PullRequest(
            String reference,
            boolean everyTag,
            @Nullable String platform,
            @Nullable Login login) {}

    /// Who asks a registry, as in Docker's header `X-Registry-Auth`. Its text shows no secrets.
    ///
    /// @param identityToken stands for the password
    /// @param registryToken a token that the registry takes as it is
    record Login(
            String user,
            String password,
            @Nullable String identityToken,
            @Nullable String registryToken) {
        @Override
        public String toString() {
            return "Login[user=" + user + "]";
        }
    }

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
