package dev.gantry.store.peers;

import java.util.Locale;

/// Whose tree is compared.
enum Peer {
    DOCKERD,
    UMOCI;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
