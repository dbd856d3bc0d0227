package dev.gantry.engine.host;

import dev.gantry.engine.EngineException;
import dev.gantry.engine.container.ImageLeases;
import dev.gantry.engine.content.ContentLedger;
import dev.gantry.engine.image.LocalImages;
import dev.gantry.oci.Digest;
import dev.gantry.store.Lease;
import org.jspecify.annotations.Nullable;

/// Images as containers need them.
record StoreLeases(LocalImages images) implements ImageLeases {
    @Override
    public Lease take(String reference, @Nullable String platform) {
        return images.lease(images.resolve(reference, platform).id());
    }

    @Override
    public Lease take(Digest image) {
        return images.lease(image);
    }

    @Override
    public ContentLedger ledger() {
        return images.ledger();
    }

    @Override
    public @Nullable String find(String reference) {
        try {
            return images.inspect(reference).id();
        } catch (EngineException.NotFound | EngineException.Invalid _) {
            return null;
        }
    }

    @Override
    public boolean isMeant(String reference, Digest image) {
        return images.isMeant(reference, image);
    }
}
