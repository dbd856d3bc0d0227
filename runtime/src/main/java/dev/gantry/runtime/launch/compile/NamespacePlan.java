package dev.gantry.runtime.launch.compile;

import dev.gantry.oci.runtime.Namespace;
import dev.gantry.runtime.launch.RefusedException;
import dev.gantry.runtime.refusal.UnsupportedItem;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Which namespaces are new, and which are joined.
///
/// @param fresh made with the container's process
/// @param joined by a descriptor, be it of somebody else's or of one that the daemon has made for the container
/// @param hosts those among them that are the host's
record NamespacePlan(Set<Namespace.Type> fresh, List<Namespace.Type> joined, Set<Namespace.Type> hosts) {
    private static final Map<Namespace.Type, Long> FLAGS = flags();

    /// The user namespace last: its capabilities are good for nothing that belongs to the host's.
    private static final List<Namespace.Type> JOINING = List.of(
            Namespace.Type.PID,
            Namespace.Type.NETWORK,
            Namespace.Type.UTS,
            Namespace.Type.IPC,
            Namespace.Type.CGROUP,
            Namespace.Type.TIME,
            Namespace.Type.MOUNT,
            Namespace.Type.USER);

    NamespacePlan {
        fresh = Set.copyOf(fresh);
        joined = List.copyOf(joined);
        hosts = Set.copyOf(hosts);
    }

    private static Map<Namespace.Type, Long> flags() {
        Map<Namespace.Type, Long> flags = new EnumMap<>(Namespace.Type.class);
        flags.put(Namespace.Type.MOUNT, Uapi.CLONE_NEWNS);
        flags.put(Namespace.Type.PID, Uapi.CLONE_NEWPID);
        flags.put(Namespace.Type.NETWORK, Uapi.CLONE_NEWNET);
        flags.put(Namespace.Type.UTS, Uapi.CLONE_NEWUTS);
        flags.put(Namespace.Type.IPC, Uapi.CLONE_NEWIPC);
        flags.put(Namespace.Type.CGROUP, Uapi.CLONE_NEWCGROUP);
        flags.put(Namespace.Type.USER, Uapi.CLONE_NEWUSER);
        flags.put(Namespace.Type.TIME, Uapi.CLONE_NEWTIME);
        return flags;
    }

    /// @param ready the new ones that the daemon has made already
    /// @param hosts those that are joined and the host's
    static NamespacePlan of(List<Namespace> namespaces, Set<Namespace.Type> ready, Set<Namespace.Type> hosts)
            throws RefusedException {
        Map<Namespace.Type, Boolean> seen = new EnumMap<>(Namespace.Type.class);
        for (Namespace each : namespaces) {
            String item = item(each.type());
            boolean isNew = each.path() == null || each.path().isEmpty();
            if (seen.putIfAbsent(each.type(), isNew) != null) {
                throw new RefusedException(item, "malformed spec file: duplicated ns \"" + name(each.type()) + "\"");
            }
        }
        if (!seen.containsKey(Namespace.Type.MOUNT)) {
            throw new RefusedException(item(Namespace.Type.MOUNT), UnsupportedItem.NO_MOUNT_NAMESPACE);
        }
        List<Namespace.Type> joined = new ArrayList<>();
        checkTogether(seen);
        seen.replaceAll((type, isNew) -> isNew && !ready.contains(type));
        for (Namespace.Type type : JOINING) {
            if (Boolean.FALSE.equals(seen.get(type))) {
                joined.add(type);
            }
        }
        seen.values().removeIf(isNew -> !isNew);
        return new NamespacePlan(seen.keySet(), joined, hosts);
    }

    /// What the kernel does not do together.
    private static void checkTogether(Map<Namespace.Type, Boolean> seen) throws RefusedException {
        if (!Boolean.TRUE.equals(seen.get(Namespace.Type.USER))) {
            return;
        }
        if (!Boolean.TRUE.equals(seen.get(Namespace.Type.PID))) {
            throw new RefusedException(item(Namespace.Type.PID), UnsupportedItem.USERS_IN_OTHER_PIDS);
        }
        for (Namespace.Type type : List.of(Namespace.Type.TIME, Namespace.Type.MOUNT)) {
            if (Boolean.FALSE.equals(seen.get(type))) {
                throw new RefusedException(item(type), UnsupportedItem.JOINED_BY_NEW_USERS, name(type));
            }
        }
    }

    static String name(Namespace.Type type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    static String item(Namespace.Type type) {
        return "linux.namespaces:" + name(type);
    }

    static long flag(Namespace.Type type) {
        Long flag = FLAGS.get(type);
        if (flag == null) {
            throw new IllegalArgumentException("no flag for " + type);
        }
        return flag;
    }

    /// The `CLONE_NEW…` flags of the new namespaces, without the given ones.
    long freshFlags(Set<Namespace.Type> without) {
        long flags = 0;
        for (Namespace.Type type : fresh) {
            flags |= without.contains(type) ? 0 : flag(type);
        }
        return flags;
    }

    /// Whether the namespace is not the host's.
    boolean own(Namespace.Type type) {
        return fresh.contains(type) || (joined.contains(type) && !hosts.contains(type));
    }

    Set<Namespace.Type> allOwn() {
        Set<Namespace.Type> all = new HashSet<>(fresh);
        all.addAll(joined);
        all.removeAll(hosts);
        return all;
    }
}
