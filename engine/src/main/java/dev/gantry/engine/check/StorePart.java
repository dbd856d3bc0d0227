package dev.gantry.engine.check;

import dev.gantry.engine.container.Container;
import dev.gantry.engine.container.ContainerNames;
import dev.gantry.engine.container.Definition;
import dev.gantry.oci.Digest;
import dev.gantry.store.ImageStore;
import dev.gantry.store.StoreDamage;
import dev.gantry.store.StoreReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Images, with their layers and blobs.
///
/// @param deep also compares content with its digests
record StorePart(Household household, boolean deep, Tally tally) implements Part {
    @Override
    public String name() {
        return "images";
    }

    @Override
    public List<Finding> look() throws IOException {
        StoreReport report = household.store().repair().check();
        tally.store(report);
        List<StoreDamage> damages = new ArrayList<>(report.damages());
        if (deep) {
            household.store().repair().verify().stream()
                    .filter(each -> !damages.contains(each))
                    .forEach(damages::add);
        }
        return damages.stream().map(this::finding).toList();
    }

    private Finding finding(StoreDamage damage) {
        ImageStore store = household.store();
        return switch (damage) {
            case StoreDamage.UnreadableImage image -> unreadable(image);
            case StoreDamage.BrokenLayer layer -> broken(layer);
            case StoreDamage.UncheckedLayer(Digest diffId, String why) ->
                Finding.advised(
                        Kind.LAYER,
                        diffId,
                        "cannot be compared with its blob: " + why,
                        "free as much space as the layer takes, and check again");
            case StoreDamage.BrokenBlob(Digest digest, Digest image, String why) ->
                Finding.advised(
                        Kind.BLOB,
                        digest,
                        why + ", and image " + image + " needs it",
                        "import or pull the image again; containers of it go on without the blob");
            case StoreDamage.UnneededLayer(Digest diffId) ->
                Finding.mendable(
                        Kind.LAYER, diffId, "no image and no container needs it", "remove it", store::collectGarbage);
            case StoreDamage.UnneededBlob(Digest digest) ->
                Finding.mendable(
                        Kind.BLOB, digest, "no image and no container needs it", "remove it", store::collectGarbage);
            case StoreDamage.LeftoverFile leftover ->
                Finding.mendable(
                        Kind.FILE,
                        leftover.file(),
                        "unfinished work that nobody goes on with",
                        "remove it",
                        () -> store.repair().delete(leftover));
            case StoreDamage.StrangeFile(Path file) ->
                Finding.advised(Kind.FILE, file, "is nothing of the image store's", "move it elsewhere");
        };
    }

    private Finding broken(StoreDamage.BrokenLayer layer) {
        if (!layer.restorable()) {
            return Finding.advised(
                    Kind.LAYER,
                    layer.diffId(),
                    layer.why() + "; its blob is missing or damaged, too",
                    "import or pull an image again that has it");
        }
        Optional<Container> user = userOfTree(layer.diffId());
        return user.isPresent()
                ? Finding.advised(
                        Kind.LAYER,
                        layer.diffId(),
                        layer.why(),
                        "container " + user.get().id() + " uses its tree: stop it and repair then")
                : Finding.mendable(
                        Kind.LAYER,
                        layer.diffId(),
                        layer.why(),
                        "unpack it again from its blob",
                        () -> restore(layer.diffId()));
    }

    private void restore(Digest diffId) throws IOException {
        if (userOfTree(diffId).isPresent()) {
            throw new IOException("a container uses its tree now");
        }
        household.store().repair().restore(diffId);
    }

    /// A running container that sees the layer's tree, which is therefore not to be replaced.
    private Optional<Container> userOfTree(Digest diffId) {
        return household.registry().newestFirst().stream()
                .filter(container -> container.state().isAlive())
                .filter(container -> container.lease().layers().stream()
                        .anyMatch(layer -> layer.diffId().equals(diffId) && Files.isDirectory(layer.tree())))
                .findFirst();
    }

    private Finding unreadable(StoreDamage.UnreadableImage image) {
        String subject = image.name().isEmpty() ? image.manifest().toString() : image.name();
        return Finding.mendable(
                Kind.IMAGE,
                subject,
                "cannot be used: " + image.why(),
                "take it in when its layers are there again; else forget it, unless a container is made of it",
                () -> takeInOrForget(image));
    }

    private void takeInOrForget(StoreDamage.UnreadableImage image) throws IOException {
        try {
            household.store().repair().readAgain(image);
        } catch (IOException e) {
            if (isUsed(image.image())) {
                throw new IOException("a container is made of it: import or pull it again; " + e.getMessage(), e);
            }
            household.store().repair().forget(image);
        }
    }

    /// Whether a container that is there, also one that could not be taken in, is made of an image; if it is not known
    /// which image that is, it may be.
    private boolean isUsed(@Nullable Digest image) throws IOException {
        try (Stream<Path> all = Files.list(household.roots().durable())) {
            for (Path each : all.toList()) {
                String id = each.getFileName().toString();
                if (!ContainerNames.isId(id) || !household.roots().of(id).isThere()) {
                    continue;
                }
                Definition definition;
                try {
                    definition = household.roots().of(id).definition();
                } catch (IOException _) {
                    return true;
                }
                boolean taken = household.isKnown(id);
                if (image == null ? !taken : definition.image().equals(image)) {
                    return true;
                }
            }
        }
        return false;
    }
}
