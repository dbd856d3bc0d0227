package dev.gantry.engine.container;

import dev.gantry.engine.content.ContentLedger;
import dev.gantry.oci.Digest;
import dev.gantry.store.Lease;
import org.jspecify.annotations.Nullable;

/// What containers need of images.
public interface ImageLeases {
    /// Keeps the image that a reference means; close the lease with the container.
    ///
    /// @param platform `os[/architecture[/variant]]` where one is wanted
    /// @throws dev.gantry.engine.EngineException.NotFound when there is none, or none of the platform
    Lease take(String reference, @Nullable String platform);

    /// Keeps the image of a container that exists already.
    ///
    /// @throws dev.gantry.engine.EngineException.NotFound when it is gone
    Lease take(Digest image);

    /// Who needs what of the image store at the moment.
    ContentLedger ledger();

    /// The ID of the image that a reference means; null where there is none.
    @Nullable
    String find(String reference);

    /// Whether a reference means this image, on one of its platforms.
    boolean isMeant(String reference, Digest image);
}
