package dev.gantry.engine.files;

import dev.gantry.engine.EngineOptions.UserRemapping;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OwnThread;
import dev.gantry.oci.runtime.IdMapping;
import dev.gantry.store.files.OwnerMap;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whom the users of a container are on the host, and the other way round.
record Owners(OwnerMap toContainer, OwnerMap toHost) {
    /// Whom the kernel shows where a user has no number (`/proc/sys/kernel/overflowuid`).
    private static final long NOBODY = 65534;

    static Owners of(@Nullable UserRemapping remapping) {
        if (remapping == null) {
            return new Owners(OwnerMap.SAME, OwnerMap.SAME);
        }
        return new Owners(
                new OwnerMap(id -> toContainer(remapping.uids(), id), id -> toContainer(remapping.gids(), id)),
                new OwnerMap(id -> toHost(remapping.uids(), id), id -> toHost(remapping.gids(), id)));
    }

    /// Does what makes files, as the container's root: who is nobody there can make none (EOVERFLOW).
    <T, E extends IOException> T make(OwnThread.Task<T, E> task) throws E, KernelException {
        if (toHost.equals(OwnerMap.SAME)) {
            return task.run();
        }
        return OwnThread.as(toHost.uids().applyAsLong(0), toHost.gids().applyAsLong(0), task);
    }

    private static long toContainer(List<IdMapping> maps, long host) {
        return maps.stream()
                .filter(map -> host >= map.hostId() && host - map.hostId() < map.size())
                .mapToLong(map -> map.containerId() + host - map.hostId())
                .findFirst()
                .orElse(NOBODY);
    }

    private static long toHost(List<IdMapping> maps, long container) {
        return maps.stream()
                .filter(map -> container >= map.containerId() && container - map.containerId() < map.size())
                .mapToLong(map -> map.hostId() + container - map.containerId())
                .findFirst()
                .orElse(NOBODY);
    }
}
