package dev.gantry.engine.image;

import dev.gantry.oci.Digest;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which containers use an image; the containers' side answers.
public interface ImageUse {
    /// The containers that were made from an image, in any state.
    List<Using> of(Digest imageId);

    /// What containers keep in the store, also of images that were removed, by their IDs.
    default Map<String, Set<Digest>> leases() {
        return Map.of();
    }

    /// Before an image is removed.
    ///
    /// @throws dev.gantry.engine.EngineException.Conflict if nobody knows what some container uses
    default void requireAllKnown() {}

    /// A container that uses an image.
    ///
    /// @param running also while it is paused
    record Using(String containerId, boolean running) {
        /// As Docker's messages show it.
        String shortId() {
            return containerId.substring(0, Math.min(12, containerId.length()));
        }
    }
}
