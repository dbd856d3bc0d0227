package dev.gantry.engine.container;

import dev.gantry.oci.Digest;
import dev.gantry.store.Lease;
import org.jspecify.annotations.Nullable;

/// What containers need of images.
public interface ImageLeases {
    /// Keeps the image that a reference means; close the lease with the container.
    ///
    /// @throws dev.gantry.engine.EngineException.NotFound when there is none
    Lease take(String reference);

    /// Keeps the image of a container that exists already.
    ///
    /// @throws dev.gantry.engine.EngineException.NotFound when it is gone
    Lease take(Digest image);

    /// The ID of the image that a reference means; null where there is none.
    @Nullable
    String find(String reference);
}
