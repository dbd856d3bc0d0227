package dev.gantry.engine.image;

import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.EngineException.NotFound;
import dev.gantry.engine.Images.Progress;
import dev.gantry.engine.request.PushRequest;
import dev.gantry.engine.view.PushNotice;
import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.Platform;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.registry.Access;
import dev.gantry.registry.RegistryClient;
import dev.gantry.registry.Repository;
import dev.gantry.store.ContentLease;
import dev.gantry.store.Image;
import dev.gantry.store.ImageIndex;
import dev.gantry.store.ImageStore;
import dev.gantry.store.Outgoing;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Sends images to a registry: the layers that it does not have, the configuration, and last the manifest, which gives
/// all of it its name there. Of an index with several platforms here, each of them, and last the index.
final class Push {
    private final ImageStore store;
    private final ImageEvents events;
    private final ImageReference asked;
    private final @Nullable Platform platform;
    private final Repository repository;
    private final Consumer<Progress> progress;
    private final Consumer<PushNotice> notices;

    /// @throws Invalid if the reference or the platform is malformed
    Push(
            ImageStore store,
            RegistryClient registries,
            ImageEvents events,
            PushRequest request,
            Consumer<Progress> progress,
            Consumer<PushNotice> notices) {
        this.store = store;
        this.events = events;
        this.asked = ImageLookup.parse(request.reference());
        if (asked.digest() != null) {
            throw new Invalid("cannot push a digest reference");
        }
        this.platform = ImageLookup.platform(request.platform());
        this.repository = registries.repository(asked, Pull.credentials(request.login()), Access.PUSH);
        this.progress = progress;
        this.notices = notices;
    }

    void run() {
        progress.accept(Progress.of("The push refers to repository [" + asked.name() + "]"));
        try {
            for (ImageReference each : wanted()) {
                send(each);
            }
        } catch (InterruptedIOException | InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failed("push of " + asked.familiar() + " was cancelled", e);
        } catch (IOException e) {
            throw new Failed(String.valueOf(e.getMessage()), e);
        }
    }

    private List<ImageReference> wanted() {
        if (asked.tag() != null) {
            return List.of(asked);
        }
        List<ImageReference> tags = ImageLookup.tags(store, asked);
        if (tags.isEmpty()) {
            throw new NotFound("An image does not exist locally with the tag: " + asked.familiarName());
        }
        return tags;
    }

    private void send(ImageReference name) throws IOException, InterruptedException {
        Image image = store.find(name.toString()).orElseThrow(() -> missing(name));
        List<Image> platforms = platform == null
                ? store.platforms(image)
                : List.of(ImageLookup.of(store, platform, name.familiar(), image));
        try {
            ImageIndex index = image.index();
            if (index != null && platforms.size() > 1) {
                sendIndex(name, index, platforms);
                done(image, name, index.descriptor());
                return;
            }
            Image only = platforms.getFirst();
            Descriptor sent = sendImage(only, name, tag(name));
            if (index != null && platform == null) {
                notices.accept(new PushNotice.OnlyPlatform(index.descriptor(), sent));
            }
            done(only.alone(), name, sent);
        } catch (NoSuchElementException _) {
            throw missing(name); // removed meanwhile
        }
    }

    private static String tag(ImageReference name) {
        return String.valueOf(name.tag());
    }

    private void done(Image image, ImageReference name, Descriptor sent) throws IOException {
        store.tag(image, name.withDigest(sent.digest()));
        events.pushed(image, name);
        progress.accept(Progress.of("%s: digest: %s size: %d".formatted(tag(name), sent.digest(), sent.size())));
        notices.accept(new PushNotice.Pushed(tag(name), sent.digest().toString(), sent.size()));
    }

    /// @param tag a tag or a digest
    /// @return the manifest's
    private Descriptor sendImage(Image image, ImageReference name, String tag)
            throws IOException, InterruptedException {
        try (Outgoing outgoing = store.send(image)) {
            sendConfiguration(outgoing);
            List<Descriptor> layers = new LayerUpload(repository, name, outgoing, progress).run();
            Outgoing.Document manifest = outgoing.manifest(layers);
            repository.putManifest(tag, manifest.descriptor(), manifest.content());
            return manifest.descriptor();
        }
    }

    private void sendIndex(ImageReference name, ImageIndex index, List<Image> platforms)
            throws IOException, InterruptedException {
        try (ContentLease content = store.leaseContent(platforms)) {
            requireTheOthers(index, platforms);
            for (Image each : platforms) {
                Descriptor _ = sendImage(each, name, each.manifest().digest().toString());
            }
            Descriptor document = index.descriptor();
            repository.putManifest(tag(name), document, content.document(document.digest()));
        }
    }

    /// A registry takes an index only when it has all that the index leads to: it may have what is not here.
    private void requireTheOthers(ImageIndex index, List<Image> platforms) throws IOException {
        Set<Digest> here =
                platforms.stream().map(each -> each.manifest().digest()).collect(Collectors.toSet());
        for (Descriptor each : index.document().manifests()) {
            if (!here.contains(each.digest()) && !repository.hasManifest(each.digest())) {
                notices.accept(new PushNotice.Missing(each));
                throw new NotFound("manifest %s%s of index %s is neither here nor at the registry"
                        .formatted(
                                each.digest(),
                                each.platform() == null ? "" : " (" + each.platform() + ")",
                                index.descriptor().digest()));
            }
        }
    }

    private static NotFound missing(ImageReference name) {
        return new NotFound("tag does not exist: " + name.familiar());
    }

    /// First, because it is small: who may not write here learns it before anything is compressed.
    private void sendConfiguration(Outgoing outgoing) throws IOException {
        Descriptor config = outgoing.config();
        if (!repository.hasBlob(config.digest())) {
            repository.upload(config, () -> outgoing.open(config), _ -> {});
        }
    }
}
