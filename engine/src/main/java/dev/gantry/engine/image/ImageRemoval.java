package dev.gantry.engine.image;

import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.view.DeletedImage;
import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.store.Image;
import dev.gantry.store.ImageStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Removes images by Docker's rules. One removal at a time: the caller sees to that.
final class ImageRemoval {
    private final ImageStore store;
    private final ImageUse use;
    private final ImageEvents events;
    private final List<DeletedImage> done = new ArrayList<>();
    private long reclaimed;

    ImageRemoval(ImageStore store, ImageUse use, ImageEvents events) {
        this.store = store;
        this.use = use;
        this.events = events;
    }

    /// What has been removed so far, in order.
    List<DeletedImage> done() {
        return List.copyOf(done);
    }

    /// Bytes of the layers that are gone.
    long reclaimed() {
        return reclaimed;
    }

    /// A reason not to remove an image.
    ///
    /// @param hard cannot be forced
    /// @param used a container is the reason
    private record Obstacle(Digest image, boolean hard, boolean used, String reason) {
        Conflict conflict() {
            return new Conflict("conflict: unable to delete %s (%s) - %s"
                    .formatted(image.shortHex(), hard ? "cannot be forced" : "must be forced", reason));
        }
    }

    /// Removes a name, and with the last one the image.
    ///
    /// @param asked as the user wrote it
    /// @throws Conflict if a container uses the image and this is its only name
    void byName(Image image, String asked, boolean force, boolean withParents) throws IOException {
        List<ImageUse.Using> containers = use.of(image.id());
        if (!force && isSingle(image.references()) && !containers.isEmpty()) {
            throw new Conflict(
                    "conflict: unable to remove repository reference \"%s\" (must force) - container %s is using its referenced image %s"
                            .formatted(
                                    asked,
                                    containers.getFirst().shortId(),
                                    image.id().shortHex()));
        }
        ImageReference name = ImageLookup.parse(asked).withDefaultTag();
        untag(image, name);
        if (name.tag() != null) {
            untagDigestsWithoutTag(image.id(), name);
        }
        Image left = current(image.id());
        if (left == null || !left.references().isEmpty()) {
            return;
        }
        remove(left, force, withParents, true);
    }

    /// Removes an image with all its names.
    ///
    /// @throws Conflict if it has names in several repositories, or a container uses it
    void byId(Image image, boolean force, boolean withParents) throws IOException {
        if (isSingle(image.references())) {
            Obstacle obstacle = obstacle(image, !force, false);
            if (obstacle != null) {
                throw obstacle.conflict();
            }
            untagAll(image);
        }
        Image left = current(image.id());
        if (left != null) {
            remove(left, force, withParents, false);
        }
    }

    /// Removes an image with all its names, unless a container or another image needs it; dockerd takes the other
    /// names of an image in use away, which nobody asked for.
    void unused(Image image) throws IOException {
        if (obstacle(image, true, false) != null) {
            return;
        }
        untagAll(image);
        Image left = current(image.id());
        if (left != null) {
            remove(left, false, true, true);
        }
    }

    private @Nullable Image current(Digest id) throws IOException {
        return store.find(id.toString()).orElse(null);
    }

    /// All names are of one repository, with one tag at most.
    private static boolean isSingle(List<ImageReference> references) {
        if (references.isEmpty()) {
            return false;
        }
        long tags = references.stream().filter(name -> name.tag() != null).count();
        return tags <= 1 && references.stream().allMatch(references.getFirst()::isSameRepository);
    }

    private void untag(Image image, ImageReference name) throws IOException {
        if (store.untag(name)) {
            events.untagged(image);
            done.add(DeletedImage.ofReference(name.familiar()));
        }
    }

    /// Digests of a repository go with its last tag.
    private void untagDigestsWithoutTag(Digest id, ImageReference removed) throws IOException {
        Image image = current(id);
        if (image == null || image.tags().stream().anyMatch(removed::isSameRepository)) {
            return;
        }
        for (ImageReference digest : image.digests()) {
            if (digest.isSameRepository(removed)) {
                untag(image, digest);
            }
        }
    }

    private void untagAll(Image image) throws IOException {
        for (ImageReference name : image.references()) {
            untag(image, name);
        }
    }

    /// @param quiet a conflict ends the removal without a word, unless only force is missing to remove an unused image
    private void remove(Image image, boolean force, boolean withParents, boolean quiet) throws IOException {
        Obstacle obstacle = obstacle(image, !force, !force);
        if (obstacle != null) {
            if (quiet && (!image.isDangling() || obstacle.used())) {
                return;
            }
            throw obstacle.conflict();
        }
        untagAll(image);
        Set<Digest> gone = new HashSet<>(store.remove(image.id()));
        events.deleted(image);
        done.add(DeletedImage.ofId(image.id().toString()));
        recordLayers(image, gone);
        Optional<Image> parent =
                image.parent() == null ? Optional.empty() : Optional.ofNullable(current(image.parent()));
        if (withParents && parent.isPresent()) {
            remove(parent.get(), false, true, true);
        }
    }

    private @Nullable Obstacle obstacle(Image image, boolean softToo, boolean namesToo) {
        Digest id = image.id();
        if (store.list().stream().anyMatch(other -> id.equals(other.parent()))) {
            return new Obstacle(id, true, false, "image has dependent child images");
        }
        List<ImageUse.Using> containers = use.of(id);
        Optional<ImageUse.Using> running =
                containers.stream().filter(ImageUse.Using::running).findFirst();
        if (running.isPresent()) {
            return new Obstacle(
                    id,
                    true,
                    true,
                    "image is being used by running container " + running.get().shortId());
        }
        if (namesToo && !image.references().isEmpty()) {
            return new Obstacle(id, false, false, "image is referenced in multiple repositories");
        }
        if (softToo && !containers.isEmpty()) {
            return new Obstacle(
                    id,
                    false,
                    true,
                    "image is being used by stopped container "
                            + containers.getFirst().shortId());
        }
        return null;
    }

    /// Layers by their chain IDs, top first, as Docker lists them.
    private void recordLayers(Image image, Set<Digest> gone) {
        List<DeletedImage> chains = new ArrayList<>();
        Map<Digest, Long> sizes = new HashMap<>();
        Digest chain = null;
        for (var layer : image.layers()) {
            String text = chain + " " + layer.diffId();
            chain = chain == null ? layer.diffId() : Digest.of(text.getBytes(StandardCharsets.US_ASCII));
            if (gone.contains(layer.diffId())) {
                chains.add(DeletedImage.ofId(chain.toString()));
                sizes.put(layer.diffId(), layer.size());
            }
        }
        done.addAll(chains.reversed());
        reclaimed += sizes.values().stream().mapToLong(Long::longValue).sum();
    }
}
