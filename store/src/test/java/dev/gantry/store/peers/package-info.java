/// Layers of every odd kind, unpacked by this store, by umoci and by dockerd: what a container sees must be the same.
@NullMarked
package dev.gantry.store.peers;

import org.jspecify.annotations.NullMarked;
