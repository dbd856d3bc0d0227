package dev.gantry.store;

import java.util.List;

/// What a look at the store has found.
///
/// @param damages in the order in which they are best mended
/// @param images how many were looked at; layers and blobs, too
public record StoreReport(List<StoreDamage> damages, int images, int layers, int blobs) {
    public StoreReport {
        damages = List.copyOf(damages);
    }
}
