package dev.gantry.engine.image;

import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.store.Image;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The images that a removal works on: those of the store, or those that would be there.
interface ImageCatalogue {
    Optional<Image> find(Digest id) throws IOException;

    /// Newest first.
    List<Image> list();

    /// Takes a name away.
    ///
    /// @return whether it was there
    boolean untag(Image image, ImageReference name) throws IOException;

    /// Removes an image.
    ///
    /// @return the layers that are gone with it
    Set<Digest> remove(Image image) throws IOException;

    /// An image, and those of other platforms that some of its names have.
    List<Image> withOthers(Image image, List<ImageReference> names) throws IOException;
}
