package dev.gantry.engine.image;

import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.EngineException.NotFound;
import dev.gantry.engine.Filters;
import dev.gantry.engine.Images;
import dev.gantry.engine.event.EventLog;
import dev.gantry.engine.view.DeletedImage;
import dev.gantry.engine.view.HistoryItem;
import dev.gantry.engine.view.ImageSummary;
import dev.gantry.engine.view.ImageView;
import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.Platform;
import dev.gantry.store.Image;
import dev.gantry.store.ImageStore;
import dev.gantry.store.ImportOptions;
import dev.gantry.store.Lease;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The images of this host's store.
///
/// `hello-world` is built in: it comes into the store when somebody asks for it by name, also after it was removed.
/// Safe for use by many threads; removals happen one after the other.
public final class LocalImages implements Images {
    private static final Set<String> PRUNE_FILTERS = Set.of("dangling", "label", "label!", "until");

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
    /// @throws NotFound `No such image: busybox:latest`
    /// @throws Invalid if the text is neither a reference nor an ID, or fits several IDs
    public Image resolve(String ref) {
        return lookup.wanted(ref);
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
    public List<ImageSummary> list(boolean all, Filters filters) {
        return new ImageList(lookup, use).of(store.list(), all, filters);
    }

    @Override
    public ImageView inspect(String ref) {
        return ImageViews.full(lookup.wanted(ref));
    }

    @Override
    public List<HistoryItem> history(String ref) {
        List<Image> ancestors = new ArrayList<>();
        Set<Digest> seen = new HashSet<>();
        Image image = lookup.wanted(ref);
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
        ImageReference name = request.reference() == null ? null : ImageLookup.parse(request.reference());
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

    @Override
    public void pull(PullRequest request, Consumer<Progress> progress) {
        new Pull(store, registries.client(), events, request, progress).run();
    }

    @Override
    public void tag(String ref, String repository, @Nullable String tag) {
        ImageReference name = ImageLookup.parse(repository);
        if (name.digest() != null) {
            throw new Invalid("refusing to create a tag with a digest reference");
        }
        if (tag != null && !tag.isEmpty()) {
            name = withTag(name, tag);
        }
        Image image = lookup.wanted(ref);
        try {
            store.tag(image.id(), name.withDefaultTag());
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
    public List<DeletedImage> remove(String ref, boolean force, boolean noPrune) {
        removals.lock();
        try {
            var removal = new ImageRemoval(store, use, events);
            Image image = lookup.present(ref);
            if (isIdOf(image, ref)) {
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

    private static boolean isIdOf(Image image, String ref) {
        return image.id().toString().startsWith(ref) || image.id().hex().startsWith(ref);
    }

    @Override
    public PrunedImages prune(Filters filters) {
        filters.requireOnly(PRUNE_FILTERS);
        boolean danglingOnly = filters.isTrue("dangling", true);
        if (filters.get("until").size() > 1) {
            throw new Invalid("more than one until filter specified");
        }
        Instant until = ImageList.until(filters);
        removals.lock();
        try {
            var removal = new ImageRemoval(store, use, events);
            for (Image image : prunable()) {
                boolean young = until != null && ImageList.created(image).isAfter(until);
                boolean wanted =
                        !young && filters.matchLabels(image.config().config().labels());
                if (wanted && (image.isDangling() || !danglingOnly)) {
                    removal.unused(image);
                }
            }
            events.pruned(removal.reclaimed());
            return new PrunedImages(removal.done(), removal.reclaimed());
        } catch (IOException e) {
            throw ImageLookup.failed(e);
        } finally {
            removals.unlock();
        }
    }

    /// Images without those that only serve as parents of others.
    private List<Image> prunable() {
        List<Image> all = store.list();
        Set<Digest> parents =
                all.stream().flatMap(image -> Stream.ofNullable(image.parent())).collect(Collectors.toSet());
        return all.stream()
                .filter(image -> !image.references().isEmpty() || !parents.contains(image.id()))
                .toList();
    }
}
