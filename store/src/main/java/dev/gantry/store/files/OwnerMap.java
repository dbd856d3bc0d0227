package dev.gantry.store.files;

import dev.gantry.store.tar.TarEntry.Ownership;
import java.util.function.LongUnaryOperator;

/// Whom the owners of files on one side are on the other: on the host and in an archive, which has the
/// container's own.
public record OwnerMap(LongUnaryOperator uids, LongUnaryOperator gids) {
    /// Where they are the same.
    public static final OwnerMap SAME = new OwnerMap(LongUnaryOperator.identity(), LongUnaryOperator.identity());

    Ownership of(long uid, long gid) {
        return new Ownership(uids.applyAsLong(uid), gids.applyAsLong(gid));
    }
}
