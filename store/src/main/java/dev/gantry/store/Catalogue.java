package dev.gantry.store;

import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.Platform;
import dev.gantry.oci.image.Descriptor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which images there are and what they are called, at one moment. Immutable; a change makes a new one.
///
/// An image with several manifests (the same layers, compressed otherwise) is here once for each that a name needs.
final class Catalogue {
    static final Catalogue EMPTY = new Catalogue(Map.of(), Map.of(), List.of());

    private final Map<Digest, Image> images;
    private final Map<ImageReference, Target> names;
    private final List<Descriptor> unreadable;
    /// Made when it is first wanted: not every change is followed by a question.
    private volatile @Nullable ByImage byImage;

    /// What a name leads to.
    ///
    /// @param manifest of the image that the name means
    /// @param index the index that has it, if the name is of one; its other platforms are those that are here
    record Target(Digest manifest, @Nullable ImageIndex index) {}

    private static final Comparator<Image> NEWEST_FIRST =
            Comparator.comparing(Catalogue::created).reversed().thenComparing(Image::id);

    static final Comparator<Image> OLDEST_FIRST = NEWEST_FIRST.reversed();

    private Catalogue(Map<Digest, Image> images, Map<ImageReference, Target> names, List<Descriptor> unreadable) {
        this.images = Map.copyOf(images);
        this.names = Map.copyOf(names);
        this.unreadable = List.copyOf(unreadable);
    }

    /// By the digest of the manifest; their names are set when they are asked for.
    Map<Digest, Image> images() {
        return images;
    }

    /// What names mean, each fully qualified.
    Map<ImageReference, Target> names() {
        return names;
    }

    /// Entries of the index whose images are not whole, as they were read: what is left is kept.
    List<Descriptor> unreadable() {
        return unreadable;
    }

    /// How many entries it has, of any kind.
    int entries() {
        return images.size() + names.size() + unreadable.size();
    }

    /// By ID.
    Optional<Image> find(Digest id) {
        return byImage().find(id).map(image -> named(image, null));
    }

    Optional<Image> find(ImageReference reference) {
        Target target = names.get(reference);
        return target == null ? Optional.empty() : findManifest(target.manifest(), target.index());
    }

    /// By the manifest's digest.
    ///
    /// @param index what the name led to that it was found by
    Optional<Image> findManifest(Digest manifest, @Nullable ImageIndex index) {
        return Optional.ofNullable(images.get(manifest)).map(image -> named(image, index));
    }

    /// Images whose ID starts so.
    List<Image> startingWith(String hex) {
        return byImage().startingWith(hex).flatMap(id -> find(id).stream()).toList();
    }

    /// Newest first, each image once.
    List<Image> list() {
        return byImage()
                .all()
                .map(image -> named(image, null))
                .sorted(NEWEST_FIRST)
                .toList();
    }

    /// The indexes that names lead to.
    Set<ImageIndex> indexes() {
        return names.values().stream()
                .flatMap(target -> Stream.ofNullable(target.index()))
                .collect(Collectors.toSet());
    }

    private ByImage byImage() {
        ByImage known = byImage;
        if (known == null) {
            known = new ByImage(images, names);
            byImage = known;
        }
        return known;
    }

    private static Instant created(Image image) {
        return Objects.requireNonNullElse(image.config().created(), Instant.MIN);
    }

    private Image named(Image image, @Nullable ImageIndex index) {
        return image.with(index, byImage().names(image.id()));
    }

    /// A catalogue in the making, for one thread: each change of a finished one is a copy.
    static final class Draft {
        private final Map<Digest, Image> images;
        private final Map<ImageReference, Target> names;
        private final List<Descriptor> unreadable;

        private Draft(Catalogue from) {
            images = new LinkedHashMap<>(from.images);
            names = new LinkedHashMap<>(from.names);
            unreadable = new ArrayList<>(from.unreadable);
        }

        /// Those that it has so far, by the digest of the manifest.
        Map<Digest, Image> images() {
            return Collections.unmodifiableMap(images);
        }

        /// Adds or replaces an image, and moves a name to it, and to the index by which it was found.
        void add(Image image, @Nullable ImageReference name) {
            Digest manifest = image.manifest().digest();
            images.put(manifest, image.with(null, Image.Names.NONE));
            if (name != null) {
                names.put(name, new Target(manifest, image.index()));
                String taken = name.toString();
                unreadable.removeIf(entry -> LayoutIndex.name(entry).equals(taken));
            }
        }

        /// Adds an entry whose image is not whole.
        void addUnreadable(Descriptor entry) {
            unreadable.add(entry);
        }

        Catalogue finished() {
            return new Catalogue(images, names, unreadable);
        }
    }

    Draft draft() {
        return new Draft(this);
    }

    /// With an image added or replaced, and a name moved to it, and to the index by which it was found.
    Catalogue with(Image image, @Nullable ImageReference name) {
        Draft draft = draft();
        draft.add(image, name);
        return draft.finished();
    }

    /// With another manifest of an image, which its names lead to from now on, except those of indexes.
    Catalogue replacing(Image image, Descriptor replacement) {
        Map<Digest, Image> changedImages = new LinkedHashMap<>(images);
        changedImages.put(replacement.digest(), image.of(replacement).with(null, Image.Names.NONE));
        Map<ImageReference, Target> changedNames = new LinkedHashMap<>(names);
        changedNames.replaceAll((_, target) -> target.index() == null
                        && target.manifest().equals(image.manifest().digest())
                ? new Target(replacement.digest(), null)
                : target);
        return new Catalogue(changedImages, changedNames, unreadable);
    }

    /// Without an entry whose image is not whole.
    Catalogue withoutUnreadable(Descriptor entry) {
        List<Descriptor> changed = new ArrayList<>(unreadable);
        changed.remove(entry);
        return new Catalogue(images, names, changed);
    }

    /// Without a name; its image stays.
    Catalogue without(ImageReference name) {
        Map<ImageReference, Target> changed = new LinkedHashMap<>(names);
        changed.remove(name);
        return new Catalogue(images, changed, unreadable);
    }

    /// Without an image. A name that meant it means another platform's from now on, or is gone.
    Catalogue without(Digest id) {
        Map<Digest, Image> left = new LinkedHashMap<>(images);
        left.values().removeIf(image -> image.id().equals(id));
        Map<ImageReference, Target> changed = new LinkedHashMap<>();
        names.forEach((name, target) -> {
            if (left.containsKey(target.manifest())) {
                changed.put(name, target);
            } else if (target.index() != null) {
                choose(target.index(), left).ifPresent(other -> changed.put(name, new Target(other, target.index())));
            }
        });
        return new Catalogue(left, changed, unreadable);
    }

    /// The manifest of an index that its name means where nobody has asked for a platform: the host's, or any.
    static Optional<Digest> choose(ImageIndex index, Map<Digest, Image> present) {
        List<Image> here = index.images().stream()
                .flatMap(each -> Stream.ofNullable(present.get(each.digest())))
                .toList();
        Platform host = Platform.host();
        return here.stream()
                .filter(image -> host.matches(image.config().platform()))
                .findFirst()
                .or(() -> here.stream().findFirst())
                .map(image -> image.manifest().digest());
    }

    /// Without manifests that no name holds, of images that have another one.
    Catalogue settled() {
        Set<Digest> held = new HashSet<>();
        for (Target target : names.values()) {
            held.add(target.manifest());
            if (target.index() != null) {
                target.index().images().forEach(manifest -> held.add(manifest.digest()));
            }
        }
        if (held.containsAll(images.keySet())) {
            return this;
        }
        Set<Digest> heldImages = images.values().stream()
                .filter(image -> held.contains(image.manifest().digest()))
                .map(Image::id)
                .collect(Collectors.toSet());
        Set<Digest> left = new HashSet<>(held);
        byImage()
                .all()
                .filter(image -> !heldImages.contains(image.id()))
                .forEach(image -> left.add(image.manifest().digest()));
        Map<Digest, Image> changed = new LinkedHashMap<>(images);
        changed.keySet().retainAll(left);
        return new Catalogue(changed, names, unreadable);
    }

    /// What a [Catalogue] says when it is asked by image instead of by name: made once, so that an answer does not
    /// take the longer the more images there are. Immutable.
    private static final class ByImage {
        /// Of several manifests of one image, the one that came last.
        private static final Comparator<Image> PREFERRED = Comparator.comparing(Image::stored)
                .thenComparing(image -> image.manifest().digest());

        private final Map<Digest, List<Image>> manifests = new LinkedHashMap<>();
        /// The names that mean a manifest.
        private final Map<Digest, List<ImageReference>> chosen = new HashMap<>();
        /// The names of indexes that have a manifest.
        private final Map<Digest, List<ImageReference>> holding = new HashMap<>();

        ByImage(Map<Digest, Image> images, Map<ImageReference, Target> names) {
            images.values()
                    .forEach(image -> manifests
                            .computeIfAbsent(image.id(), _ -> new ArrayList<>(1))
                            .add(image));
            names.forEach((name, target) -> {
                add(chosen, target.manifest(), name);
                if (target.index() != null) {
                    target.index().images().forEach(each -> add(holding, each.digest(), name));
                }
            });
        }

        private static void add(Map<Digest, List<ImageReference>> to, Digest manifest, ImageReference name) {
            to.computeIfAbsent(manifest, _ -> new ArrayList<>(1)).add(name);
        }

        /// The image with an ID, by the manifest that came last.
        Optional<Image> find(Digest id) {
            return manifestsOf(id).max(PREFERRED);
        }

        private Stream<Image> manifestsOf(Digest id) {
            return manifests.getOrDefault(id, List.of()).stream();
        }

        /// Each image once, as [#find] has it.
        Stream<Image> all() {
            return manifests.values().stream()
                    .map(each -> each.stream().max(PREFERRED).orElseThrow());
        }

        /// The IDs that start so.
        Stream<Digest> startingWith(String hex) {
            return manifests.keySet().stream().filter(id -> id.hex().startsWith(hex));
        }

        /// Which names lead to an image, by whichever of its manifests.
        Image.Names names(Digest id) {
            List<ImageReference> meaning = sorted(names(chosen, id));
            List<ImageReference> others = sorted(names(holding, id).filter(name -> !meaning.contains(name)));
            return new Image.Names(meaning, others);
        }

        private Stream<ImageReference> names(Map<Digest, List<ImageReference>> of, Digest id) {
            return manifestsOf(id)
                    .map(image -> of.getOrDefault(image.manifest().digest(), List.of()))
                    .flatMap(Collection::stream);
        }

        private static List<ImageReference> sorted(Stream<ImageReference> names) {
            return names.distinct()
                    .sorted(Comparator.comparing(ImageReference::toString))
                    .toList();
        }
    }
}
