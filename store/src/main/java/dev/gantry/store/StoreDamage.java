package dev.gantry.store;

import dev.gantry.oci.Digest;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Something on disk is not what the store recorded.
public sealed interface StoreDamage {
    /// An entry of the index whose image cannot be used: it is in no list, and what is left of it is kept.
    ///
    /// @param name the name that leads to it; empty for none
    /// @param image the ID, if that can still be read
    record UnreadableImage(
            String name, Digest manifest, @Nullable Digest image, String why) implements StoreDamage {}

    /// An unpacked layer that is not there, or not whole, or was changed.
    ///
    /// @param restorable whether its blob is there to unpack it from
    record BrokenLayer(Digest diffId, String why, boolean restorable) implements StoreDamage {}

    /// An unpacked layer that cannot be compared with its blob at present: that needs space.
    record UncheckedLayer(Digest diffId, String why) implements StoreDamage {}

    /// A blob that an image needs and that is not there, or not whole, or was changed.
    record BrokenBlob(Digest digest, Digest image, String why) implements StoreDamage {}

    /// An unpacked layer that neither an image nor a lease needs.
    record UnneededLayer(Digest diffId) implements StoreDamage {}

    /// A blob that neither an image nor a lease needs.
    record UnneededBlob(Digest digest) implements StoreDamage {}

    /// Unfinished work that nobody goes on with.
    record LeftoverFile(Path file) implements StoreDamage {}

    /// A file among the store's own that the store would not make.
    record StrangeFile(Path file) implements StoreDamage {}
}
