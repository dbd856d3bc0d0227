package dev.gantry.engine.image;

import dev.gantry.engine.event.EventLog;
import dev.gantry.oci.ImageReference;
import dev.gantry.store.Image;
import java.util.LinkedHashMap;
import java.util.Map;

/// Tells of images in Docker's way: the actor is the ID, its attributes are the labels and a name.
final class ImageEvents {
    private static final String TYPE = "image";

    private final EventLog events;

    ImageEvents(EventLog events) {
        this.events = events;
    }

    /// An image was given a name.
    void tagged(Image image, String name) {
        publish(image, "tag", name, image.config().config().labels());
    }

    void imported(Image image) {
        publish(image, "import", image.id().toString(), image.config().config().labels());
    }

    /// An image came from a registry by this name, which Docker takes for the actor.
    void pulled(Image image, ImageReference name) {
        publish("pull", image, name);
    }

    /// An image went to a registry by this name.
    void pushed(Image image, ImageReference name) {
        publish("push", image, name);
    }

    private void publish(String action, Image image, ImageReference name) {
        var attributes = new LinkedHashMap<>(image.config().config().labels());
        attributes.put("name", name.familiarName());
        events.publish(TYPE, action, name.familiar(), attributes);
    }

    void saved(Image image) {
        publish(image, "save", image.id().toString(), image.config().config().labels());
    }

    void loaded(Image image) {
        publish(image, "load", image.id().toString(), image.config().config().labels());
    }

    void untagged(Image image) {
        publish(image, "untag", image.id().toString(), image.config().config().labels());
    }

    /// An image is gone, and its labels with it.
    void deleted(Image image) {
        publish(image, "delete", image.id().toString(), Map.of());
    }

    void pruned(long reclaimed) {
        events.publish(TYPE, "prune", "", Map.of("reclaimed", Long.toString(reclaimed)));
    }

    private void publish(Image image, String action, String name, Map<String, String> labels) {
        var attributes = new LinkedHashMap<>(labels);
        attributes.put("name", name);
        events.publish(TYPE, action, image.id().toString(), attributes);
    }
}
