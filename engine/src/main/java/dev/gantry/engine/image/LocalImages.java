package dev.gantry.engine.image;

import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.EngineException.NotFound;
import dev.gantry.engine.Filters;
import dev.gantry.engine.Images;
import dev.gantry.engine.content.ContentLedger;
import dev.gantry.engine.event.EventLog;
import dev.gantry.engine.request.ImportRequest;
import dev.gantry.engine.request.LoadRequest;
import dev.gantry.engine.request.PullRequest;
import dev.gantry.engine.request.PushRequest;
import dev.gantry.engine.view.DeletedImage;
import dev.gantry.engine.view.HistoryItem;
import dev.gantry.engine.view.ImageSummary;
import dev.gantry.engine.view.ImageView;
import dev.gantry.engine.view.PushNotice;
import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.Platform;
import dev.gantry.oci.image.Execution;
import dev.gantry.oci.image.History;
import dev.gantry.store.Image;
import dev.gantry.store.ImageStore;
import dev.gantry.store.ImportOptions;
import dev.gantry.store.Lease;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The images of this host's store.
///
/// `hello-world` is built in: it comes into the store when somebody asks for it by name, also after it was removed.
/// Safe for use by many threads; removals happen one after the other.
public final class LocalImages implements Images {
    private final ImageStore store;
    private final Registries registries;
    private final ImageUse use;
    private final ImageEvents events;
    private final ImageLookup lookup;
    private final ReentrantLock removals = new ReentrantLock();

    public LocalImages(ImageStore store, Registries registries, ImageUse use, EventLog events) {
        this.store = store;
        this.registries = registries;
        this.use = use;
        this.events = new ImageEvents(events);
        lookup = new ImageLookup(store);
    }

    /// The image that a container is to be made from.
    ///
    /// @param platform `os[/architecture[/variant]]` where one is wanted
    /// @throws NotFound `No such image: busybox:latest`
    /// @throws Invalid if the text is neither a reference nor an ID, or fits several IDs
    public Image resolve(String ref, @Nullable String platform) {
        return lookup.wanted(ref, ImageLookup.platform(platform));
    }

    /// Whether a name or an ID means this image, on one of its platforms.
    public boolean isMeant(String ref, Digest id) {
        return lookup.find(ref).stream()
                .flatMap(image -> store.platforms(image).stream())
                .anyMatch(image -> image.id().equals(id));
    }

    /// Keeps an image's layers on disk, whoever removes it meanwhile.
    ///
    /// @throws NotFound if its content is not here any more
    public Lease lease(Digest imageId) {
        try {
            return store.lease(imageId);
        } catch (NoSuchElementException _) {
            throw new NotFound("No such image: " + imageId);
        } catch (IOException e) {
            throw ImageLookup.failed(e);
        }
    }

    /// How many images there are, for `info`.
    public int count() {
        return store.list().size();
    }

    @Override
    public List<ImageSummary> list(boolean all, Filters filters, boolean manifests) {
        ManifestList withManifests = manifests ? new ManifestList(store, use) : null;
        return new ImageList(lookup, use).of(store.list(), all, filters, withManifests);
    }

    @Override
    public ImageView inspect(String ref, @Nullable Platform platform, boolean manifests) {
        Image image = lookup.wanted(ref, platform);
        try {
            return ImageViews.full(image, manifests ? new ManifestList(store, use).of(image) : null);
        } catch (IOException e) {
            throw ImageLookup.failed(e);
        }
    }

    @Override
    public List<HistoryItem> history(String ref, @Nullable Platform platform) {
        List<Image> ancestors = new ArrayList<>();
        Set<Digest> seen = new HashSet<>();
        Image image = lookup.wanted(ref, platform);
        while (image != null && seen.add(image.id())) {
            ancestors.add(image);
            image = find(image.parent());
        }
        return ImageViews.history(ancestors);
    }

    private @Nullable Image find(@Nullable Digest id) {
        if (id == null) {
            return null;
        }
        try {
            return store.find(id.toString()).orElse(null);
        } catch (IOException e) {
            throw ImageLookup.failed(e);
        }
    }

    @Override
    public String importTar(ImportRequest request) {
        ImageReference name = request.reference() == null ? null : ImageLookup.newName(request.reference());
        if (name != null && name.digest() != null) {
            throw new Invalid("cannot import digest reference");
        }
        try {
            Platform platform = request.platform() == null ? Platform.host() : Platform.parse(request.platform());
            if (!platform.os().equals("linux")) {
                throw new Invalid("operating system is not supported");
            }
            String message = request.message() == null ? "Imported from -" : request.message();
            Image image =
                    store.importTar(request.archive(), new ImportOptions(name, request.changes(), message, platform));
            if (name != null) {
                events.tagged(image, name.withDefaultTag().familiar());
            }
            events.imported(image);
            return image.id().toString();
        } catch (MalformedException e) {
            throw new Invalid(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new Failed("import: " + e.getMessage(), e);
        }
    }

    /// Makes an image of another one and one more layer.
    ///
    /// @param layer a tar, read to its end and not closed
    /// @param reference null leaves the image without one
    /// @throws IOException if the layer cannot be read, or the store fails
    public Image derive(Digest base, InputStream layer, @Nullable String reference, Execution execution, History step)
            throws IOException {
        ImageReference name = reference == null ? null : ImageLookup.newName(reference);
        if (name != null && name.digest() != null) {
            throw new Invalid("refusing to create a tag with a digest reference");
        }
        try {
            ImageReference tagged = name == null ? null : name.withDefaultTag();
            Image image = store.derive(base, layer, new ImageStore.Derivation(tagged, execution, step));
            if (tagged != null) {
                events.tagged(image, tagged.familiar());
            }
            return image;
        } catch (NoSuchElementException _) {
            throw new NotFound("No such image: " + base);
        }
    }

    @Override
    public void pull(PullRequest request, Consumer<Progress> progress) {
        new Pull(store, registries.client(), events, request, progress).run();
    }

    @Override
    public SavedImages save(List<String> refs, List<Platform> platforms) {
        return new Save(store, lookup, events).run(refs, platforms);
    }

    @Override
    public List<String> load(LoadRequest request, Consumer<Progress> progress) {
        return new Load(store, events, progress).run(request);
    }

    @Override
    public void push(PushRequest request, Consumer<Progress> progress, Consumer<PushNotice> notices) {
        new Push(store, registries.client(), events, request, progress, notices).run();
    }

    @Override
    public void tag(String ref, String repository, @Nullable String tag) {
        ImageReference name = ImageLookup.newName(repository);
        if (name.digest() != null) {
            throw new Invalid("refusing to create a tag with a digest reference");
        }
        if (tag != null && !tag.isEmpty()) {
            name = withTag(name, tag);
        }
        Image image = lookup.wanted(ref);
        try {
            store.tag(image, name.withDefaultTag());
        } catch (NoSuchElementException _) {
            throw new NotFound("No such image: " + image.id());
        } catch (IOException e) {
            throw ImageLookup.failed(e);
        }
        events.tagged(image, name.withDefaultTag().familiar());
    }

    private static ImageReference withTag(ImageReference name, String tag) {
        try {
            return name.withTag(tag);
        } catch (IllegalArgumentException e) {
            throw new Invalid("invalid tag format", e);
        }
    }

    @Override
    public List<DeletedImage> remove(String ref, boolean force, boolean noPrune, List<Platform> platforms) {
        removals.lock();
        try {
            use.requireAllKnown();
            var removal = new ImageRemoval(new StoredImages(store, events), use);
            Image image = lookup.present(ref);
            if (!platforms.isEmpty()) {
                removal.platforms(image, wanted(ref, platforms), ref, force);
            } else if (isIdOf(image, ref)) {
                removal.byId(image, force, !noPrune);
            } else {
                removal.byName(image, ref, force, !noPrune);
            }
            return removal.done();
        } catch (IOException e) {
            throw ImageLookup.failed(e);
        } finally {
            removals.unlock();
        }
    }

    private List<Image> wanted(String ref, List<Platform> platforms) {
        return platforms.stream().map(each -> lookup.present(ref, each)).toList();
    }

    private static boolean isIdOf(Image image, String ref) {
        return image.id().toString().startsWith(ref) || image.id().hex().startsWith(ref);
    }

    @Override
    public PrunedImages prune(Filters filters) {
        var pruning = new ImagePruning(filters);
        removals.lock();
        try {
            use.requireAllKnown();
            List<ImagePruning.Removed> removed = pruning.run(new StoredImages(store, events), use, ledger());
            long reclaimed =
                    removed.stream().mapToLong(ImagePruning.Removed::freed).sum();
            events.pruned(reclaimed);
            return new PrunedImages(
                    removed.stream().flatMap(each -> each.deleted().stream()).toList(), reclaimed);
        } catch (IOException e) {
            throw ImageLookup.failed(e);
        } finally {
            removals.unlock();
        }
    }

    /// What a prune takes.
    ///
    /// @param names references; empty for an image without any
    /// @param size bytes on the disk that nobody else needs
    public record Prunable(String id, List<String> names, boolean dangling, long size) {}

    /// What a prune would take if some containers were gone.
    ///
    /// @param ledger who needs what without those containers
    public List<Prunable> prunable(Filters filters, Set<String> gone, ContentLedger ledger) {
        ImageUse left = image -> use.of(image).stream()
                .filter(container -> !gone.contains(container.containerId()))
                .toList();
        try {
            return new ImagePruning(filters)
                    .run(new ForeseenImages(store.list()), left, ledger).stream()
                            .map(each -> new Prunable(
                                    each.image().id().toString(),
                                    ImageViews.familiar(each.image().references()),
                                    each.image().isDangling(),
                                    each.freed()))
                            .toList();
        } catch (IOException e) {
            throw ImageLookup.failed(e);
        }
    }

    /// Who needs what of the store at the moment: images, and containers of images that may be removed.
    public ContentLedger ledger() {
        ContentLedger ledger = ledgerOfImages();
        use.leases().forEach(ledger::hold);
        return ledger;
    }

    /// Which images need what of the store.
    public ContentLedger ledgerOfImages() {
        try {
            var ledger = new ContentLedger(store.usage());
            for (Image image : store.list()) {
                ledger.hold(image.id().toString(), needed(image));
            }
            return ledger;
        } catch (IOException e) {
            throw ImageLookup.failed(e);
        }
    }

    /// Of an image that is damaged, what is known.
    private Set<Digest> needed(Image image) {
        try {
            return store.neededBy(image);
        } catch (IOException _) {
            Set<Digest> needed = new HashSet<>(image.config().rootfs().diffIds());
            needed.add(image.id());
            return needed;
        }
    }
}
