package dev.gantry.engine.view;

import dev.gantry.oci.image.Descriptor;

/// What a push tells programs, beside the progress that it tells people.
public sealed interface PushNotice {
    /// What a registry calls an image now.
    ///
    /// @param digest of the manifest or index, `sha256:…`
    /// @param size of that document
    record Pushed(String tag, String digest, long size) implements PushNotice {}

    /// Of an index, the one platform that is here was sent, and not the index.
    record OnlyPlatform(Descriptor index, Descriptor manifest) implements PushNotice {}

    /// The push cannot go on: a manifest of an index is neither here nor at the registry.
    record Missing(Descriptor manifest) implements PushNotice {}
}
