package dev.gantry.engine.image;

import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.view.DeletedImage;
import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.store.Image;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Removes images by Docker's rules. One removal at a time: the caller sees to that.
final class ImageRemoval {
    private final ImageCatalogue images;
    private final ImageUse use;
    private final List<DeletedImage> done = new ArrayList<>();
    private final List<Digest> removed = new ArrayList<>();

    ImageRemoval(ImageCatalogue images, ImageUse use) {
        this.images = images;
        this.use = use;
    }

    /// What has been removed so far, in order.
    List<DeletedImage> done() {
        return List.copyOf(done);
    }

    /// The images among it.
    List<Digest> removed() {
        return List.copyOf(removed);
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

    /// Removes a name, and with the last one the image; so with the images of other platforms of the name.
    ///
    /// @param asked as the user wrote it
    /// @throws Conflict if a container uses the image and this is its only name
    void byName(Image image, String asked, boolean force, boolean withParents) throws IOException {
        ImageReference name = ImageLookup.parse(asked).withDefaultTag();
        List<Image> all = images.withOthers(image, List.of(name));
        Optional<Image> used =
                all.stream().filter(each -> !use.of(each.id()).isEmpty()).findFirst();
        if (!force && isSingle(image.references()) && used.isPresent()) {
            Digest id = used.get().id();
            throw new Conflict(
                    "conflict: unable to remove repository reference \"%s\" (must force) - container %s is using its referenced image %s"
                            .formatted(asked, use.of(id).getFirst().shortId(), id.shortHex()));
        }
        untag(image, favoringDigest(name), name);
        if (name.digest() == null) {
            untagDigestsWithoutTag(image.id(), name);
        }
        removeUnnamed(all, force, withParents);
    }

    private static boolean isNamed(Image image) {
        return !image.references().isEmpty() || image.isOtherPlatform();
    }

    /// Removes an image with all its names, and what only they held.
    ///
    /// @throws Conflict if it has names in several repositories, or a container uses it
    void byId(Image image, boolean force, boolean withParents) throws IOException {
        List<Image> all = images.withOthers(image, image.references());
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
        removeUnnamed(all, force, withParents);
    }

    /// Removes images of some of a name's platforms. The name stays as long as it has another one.
    ///
    /// @throws Conflict if a container uses one of them
    void platforms(Image named, List<Image> platforms, String asked, boolean force) throws IOException {
        ImageReference name = ImageLookup.parse(asked).withDefaultTag();
        if (platforms.size() == images.withOthers(named, List.of(name)).size()) {
            byName(named, asked, force, true);
            return;
        }
        for (Image image : platforms) {
            Obstacle obstacle = obstacle(image, !force, false);
            if (obstacle != null) {
                throw obstacle.conflict();
            }
        }
        for (Image image : platforms) {
            delete(image);
        }
    }

    /// Removes an image with all its names, unless a container or another image needs it; dockerd takes the other
    /// names of an image in use away, which nobody asked for.
    void unused(Image image) throws IOException {
        List<Image> all = images.withOthers(image, image.references());
        for (Image each : all) {
            if (obstacle(each, true, false) != null) {
                return;
            }
        }
        untagAll(image);
        Image left = current(image.id());
        if (left != null) {
            remove(left, false, true, true);
        }
        removeUnnamed(all, false, true);
    }

    private void removeUnnamed(List<Image> candidates, boolean force, boolean withParents) throws IOException {
        for (Image each : candidates) {
            Image left = current(each.id());
            if (left != null && !isNamed(left)) {
                remove(left, force, withParents, true);
            }
        }
    }

    private @Nullable Image current(Digest id) throws IOException {
        return images.find(id).orElse(null);
    }

    /// All names are of one repository, with one tag at most.
    private static boolean isSingle(List<ImageReference> references) {
        if (references.isEmpty()) {
            return false;
        }
        long tags = references.stream().filter(name -> name.tag() != null).count();
        return tags <= 1 && references.stream().allMatch(references.getFirst()::isSameRepository);
    }

    /// A name with both leads where its digest leads.
    private static ImageReference favoringDigest(ImageReference name) {
        return name.digest() == null ? name : name.withDigest(name.digest());
    }

    private void untag(Image image, ImageReference name) throws IOException {
        untag(image, name, name);
    }

    /// @param asked what is told of it
    private void untag(Image image, ImageReference name, ImageReference asked) throws IOException {
        if (images.untag(image, name)) {
            done.add(DeletedImage.ofReference(asked.familiar()));
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
            if (quiet && (!image.isDangling() || obstacle.used() || hasChildren(image.id()))) {
                return;
            }
            throw obstacle.conflict();
        }
        untagAll(image);
        delete(image);
        Optional<Image> parent =
                image.parent() == null ? Optional.empty() : Optional.ofNullable(current(image.parent()));
        if (withParents && parent.isPresent()) {
            remove(parent.get(), false, true, true);
        }
    }

    private void delete(Image image) throws IOException {
        Set<Digest> gone = images.remove(image);
        removed.add(image.id());
        done.add(DeletedImage.ofId(image.id().toString()));
        recordLayers(image, gone);
    }

    private boolean hasChildren(Digest id) {
        return images.list().stream().anyMatch(other -> id.equals(other.parent()));
    }

    private @Nullable Obstacle obstacle(Image image, boolean softToo, boolean namesToo) {
        Digest id = image.id();
        if (hasChildren(id)) {
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
        Digest chain = null;
        for (var layer : image.layers()) {
            String text = chain + " " + layer.diffId();
            chain = chain == null ? layer.diffId() : Digest.of(text.getBytes(StandardCharsets.US_ASCII));
            if (gone.contains(layer.diffId())) {
                chains.add(DeletedImage.ofId(chain.toString()));
            }
        }
        done.addAll(chains.reversed());
    }
}
