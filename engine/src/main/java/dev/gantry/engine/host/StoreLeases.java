package dev.gantry.engine.host;

import dev.gantry.engine.EngineException;
import dev.gantry.engine.container.ImageLeases;
import dev.gantry.engine.image.LocalImages;
import dev.gantry.oci.Digest;
import dev.gantry.store.Lease;
import org.jspecify.annotations.Nullable;

/// Images as containers need them.
record StoreLeases(LocalImages images) implements ImageLeases {
    @Override
    public Lease take(String reference) {
        return images.lease(images.resolve(reference).id());
    }

    @Override
    public Lease take(Digest image) {
        return images.lease(image);
    }

    @Override
    public @Nullable String find(String reference) {
        try {
            return images.inspect(reference).id();
        } catch (EngineException.NotFound | EngineException.Invalid _) {
            return null;
        }
    }
}
