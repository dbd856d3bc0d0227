package dev.gantry.runtime.idmap;

import dev.gantry.oci.runtime.IdMapping;
import java.util.List;
import java.util.OptionalLong;

/// The two maps of a user namespace, user_namespaces(7).
///
/// @param uids empty if they are not known, or there is no user namespace
public record IdMaps(List<IdMapping> uids, List<IdMapping> gids) {
    public static final IdMaps NONE = new IdMaps(List.of(), List.of());

    public IdMaps {
        uids = List.copyOf(uids);
        gids = List.copyOf(gids);
    }

    /// Whether there are none.
    public boolean isEmpty() {
        return uids.isEmpty() && gids.isEmpty();
    }

    /// The host's ID of a user inside; empty if it has none.
    public OptionalLong hostUid(long uid) {
        return host(uids, uid);
    }

    /// The host's ID of a group inside; empty if it has none.
    public OptionalLong hostGid(long gid) {
        return host(gids, gid);
    }

    private static OptionalLong host(List<IdMapping> ranges, long id) {
        return ranges.stream()
                .filter(range -> id >= range.containerId() && id - range.containerId() < range.size())
                .mapToLong(range -> range.hostId() + (id - range.containerId()))
                .findFirst();
    }

    /// What is written to `uid_map` or `gid_map`.
    public static String text(List<IdMapping> ranges) {
        StringBuilder text = new StringBuilder();
        for (IdMapping range : ranges) {
            text.append(range.containerId())
                    .append(' ')
                    .append(range.hostId())
                    .append(' ')
                    .append(range.size())
                    .append('\n');
        }
        return text.toString();
    }
}
