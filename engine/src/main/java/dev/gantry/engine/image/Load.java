package dev.gantry.engine.image;

import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.Images.Progress;
import dev.gantry.engine.request.LoadRequest;
import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.MalformedException;
import dev.gantry.store.Image;
import dev.gantry.store.ImageStore;
import dev.gantry.store.archive.ImageLoad;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Takes in an archive of images, and tells of it as Docker does.
final class Load {
    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(100);
    /// A client that reads no answer while it sends must not be waited for by whom it waits for.
    private static final int MAX_MESSAGES = 500;

    private final ImageStore store;
    private final ImageEvents events;
    private final Consumer<Progress> progress;
    private long told = System.nanoTime();
    private int messages;

    Load(ImageStore store, ImageEvents events, Consumer<Progress> progress) {
        this.store = store;
        this.events = events;
        this.progress = progress;
    }

    List<String> run(LoadRequest request) {
        Map<ImageReference, Digest> before = new HashMap<>();
        store.list().forEach(image -> image.tags().forEach(name -> before.put(name, image.id())));
        List<ImageLoad.Loaded> loaded;
        try {
            loaded = new ImageLoad(store, request.platforms(), this::tell).run(request.archive());
        } catch (MalformedException e) {
            throw new Invalid(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new Failed("load: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failed("load was cancelled", e);
        }
        List<String> lines = new ArrayList<>();
        for (ImageLoad.Loaded each : loaded) {
            Image image = each.image();
            for (ImageReference name : each.names()) {
                Digest old = before.get(name);
                if (old != null && !old.equals(image.id())) {
                    lines.add("The image %s already exists, renaming the old one with ID %s to empty string"
                            .formatted(name.familiar(), old));
                }
                lines.add("Loaded image: " + name.familiar());
                events.tagged(image, name.familiar());
            }
            if (each.names().isEmpty()) {
                lines.add("Loaded image ID: " + image.id());
            }
            events.loaded(image);
        }
        return lines;
    }

    private void tell(String member, long current, long total) {
        long now = System.nanoTime();
        if ((now - told < PERIOD && current < total) || ++messages > MAX_MESSAGES) {
            return;
        }
        told = now;
        progress.accept(new Progress(shortName(member), "Loading layer", new Progress.Amount(current, total)));
    }

    /// The beginning of the digest or the ID that a layer's member is called by.
    private static String shortName(String member) {
        for (String part : member.split("[/.]", -1)) {
            if (Digest.isHexId(part)) {
                return part.substring(0, 12);
            }
        }
        return member.substring(Math.max(0, member.length() - 12));
    }
}
