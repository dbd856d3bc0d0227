package dev.gantry.engine.image;

import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.EngineException.NotFound;
import dev.gantry.engine.Images.Progress;
import dev.gantry.engine.request.Login;
import dev.gantry.engine.request.PullRequest;
import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.Platform;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.ImageConfig;
import dev.gantry.oci.image.Index;
import dev.gantry.oci.image.Manifest;
import dev.gantry.oci.image.ManifestOrIndex;
import dev.gantry.registry.Access;
import dev.gantry.registry.Credentials;
import dev.gantry.registry.FetchedManifest;
import dev.gantry.registry.RegistryClient;
import dev.gantry.registry.RegistryException;
import dev.gantry.registry.Repository;
import dev.gantry.store.Image;
import dev.gantry.store.ImageIndex;
import dev.gantry.store.ImageStore;
import dev.gantry.store.Ingest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Fetches one image: the manifest for a platform, its configuration, and the layers that are not here yet. An index
/// that
/// the name leads to is kept with it.
final class Pull {
    /// The largest configuration that is read into memory.
    private static final int MAX_CONFIG = 4 << 20;

    private final ImageStore store;
    private final ImageEvents events;
    private final ImageReference asked;
    private final boolean everyTag;
    private final @Nullable Platform platform;
    private final Repository repository;
    private final Consumer<Progress> progress;

    /// @throws Invalid if the reference or the platform is malformed
    Pull(
            ImageStore store,
            RegistryClient registries,
            ImageEvents events,
            PullRequest request,
            Consumer<Progress> progress) {
        this.store = store;
        this.events = events;
        this.asked = ImageLookup.parse(request.reference());
        this.everyTag = request.everyTag() && asked.tag() == null && asked.digest() == null;
        this.platform = ImageLookup.platform(request.platform());
        this.repository = registries.repository(asked, credentials(request.login()), Access.PULL);
        this.progress = progress;
    }

    static @Nullable Credentials credentials(@Nullable Login login) {
        return login == null ? null : Registries.credentials(login);
    }

    void run() {
        try {
            if (everyTag) {
                fetchEveryTag();
            } else {
                ImageReference wanted = asked.withDefaultTag();
                tellStatus(fetch(wanted), wanted.familiar());
            }
        } catch (RegistryException.NotFound | RegistryException.Denied | RegistryException.Unauthorized e) {
            throw new NotFound(String.valueOf(e.getMessage()), e);
        } catch (InterruptedIOException | InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failed("pull of " + asked.familiar() + " was cancelled", e);
        } catch (IOException e) {
            throw new Failed(String.valueOf(e.getMessage()), e);
        }
    }

    private void fetchEveryTag() throws IOException, InterruptedException {
        boolean news = false;
        for (String tag : repository.tags()) {
            news |= fetch(asked.withTag(tag));
        }
        tellStatus(news, asked.familiarName());
    }

    private void tellStatus(boolean news, String name) {
        progress.accept(
                Progress.of("Status: " + (news ? "Downloaded newer image for " : "Image is up to date for ") + name));
    }

    /// Whether the name meant another image before, or none.
    private boolean fetch(ImageReference wanted) throws IOException, InterruptedException {
        String version = wanted.digest() == null
                ? String.valueOf(wanted.tag())
                : wanted.digest().toString();
        FetchedManifest named = repository.manifest(version);
        FetchedManifest chosen = choose(named);
        if (!(parse(chosen) instanceof Manifest manifest)) {
            throw new MalformedException(
                    "an index in an index: " + chosen.descriptor().digest());
        }
        byte[] config = read(manifest.config());
        ImageConfig configuration = ImageConfig.parse(config);
        requirePlatform(wanted, platform, configuration.platform());
        requireLinux(configuration.platform());
        progress.accept(Progress.of(version, "Pulling from " + wanted.path()));
        Optional<Image> before = store.find(wanted.toString());
        Image image;
        try (Ingest ingest = store.ingest()) {
            new LayerTransfer(repository, ingest, progress)
                    .run(manifest.layers(), configuration.rootfs().diffIds());
            image = commit(ingest, named, chosen, config, names(wanted, named.descriptor()));
        }
        progress.accept(Progress.of("Digest: " + named.descriptor().digest()));
        events.pulled(image, wanted);
        return before.filter(
                        each -> each.id().equals(image.id()) && each.target().equals(image.target()))
                .isEmpty();
    }

    private static Image commit(
            Ingest ingest, FetchedManifest named, FetchedManifest chosen, byte[] config, List<ImageReference> names)
            throws IOException {
        String mediaType = chosen.descriptor().mediaType();
        if (named.equals(chosen)) {
            return ingest.commit(mediaType, chosen.content(), config, names);
        }
        ImageIndex index = ingest.index(named.descriptor().mediaType(), named.content());
        return ingest.commit(index, mediaType, chosen.content(), config, names);
    }

    private static ManifestOrIndex parse(FetchedManifest fetched) throws MalformedException {
        return ManifestOrIndex.parse(fetched.content(), fetched.descriptor().mediaType());
    }

    /// The manifest itself, or the one that an index has for the platform.
    private FetchedManifest choose(FetchedManifest named) throws IOException {
        if (!(parse(named) instanceof Index index)) {
            return named;
        }
        Platform asked = platform == null ? Platform.host() : platform;
        for (Descriptor each : index.manifests()) {
            if (each.platform() != null && asked.matches(each.platform())) {
                return repository.manifest(each.digest().toString());
            }
        }
        throw new NotFound("no matching manifest for " + asked + " in the manifest list entries");
    }

    /// @param asked null is any
    private static void requirePlatform(ImageReference wanted, @Nullable Platform asked, Platform actual) {
        if (asked != null && !asked.matches(actual)) {
            throw ImageLookup.mismatch(wanted.familiar(), asked, actual);
        }
    }

    private static void requireLinux(Platform actual) {
        if (!actual.os().equals("linux")) {
            throw new Failed("image operating system \"" + actual.os() + "\" cannot be used on this platform");
        }
    }

    private byte[] read(Descriptor descriptor) throws IOException {
        if (descriptor.size() > MAX_CONFIG) {
            throw new MalformedException(
                    "configuration of %d bytes, limit %d".formatted(descriptor.size(), MAX_CONFIG));
        }
        try (InputStream content = repository.blob(descriptor)) {
            return content.readAllBytes();
        }
    }

    /// By its tag if it was asked for by tag, and by the digest that the registry has for it.
    private static List<ImageReference> names(ImageReference wanted, Descriptor named) {
        List<ImageReference> names = new ArrayList<>();
        if (wanted.digest() == null) {
            names.add(wanted);
        }
        Digest digest = named.digest();
        names.add(wanted.withDigest(digest));
        return names;
    }
}
