package dev.gantry.runtime.launch;

import dev.gantry.oci.runtime.Namespace;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Which namespaces are new, and which are joined.
record NamespacePlan(Set<Namespace.Type> fresh, List<Namespace.Type> joined) {
    private static final Map<Namespace.Type, Long> FLAGS = flags();

    NamespacePlan {
        fresh = Set.copyOf(fresh);
        joined = List.copyOf(joined);
    }

    private static Map<Namespace.Type, Long> flags() {
        Map<Namespace.Type, Long> flags = new EnumMap<>(Namespace.Type.class);
        flags.put(Namespace.Type.MOUNT, Uapi.CLONE_NEWNS);
        flags.put(Namespace.Type.PID, Uapi.CLONE_NEWPID);
        flags.put(Namespace.Type.NETWORK, Uapi.CLONE_NEWNET);
        flags.put(Namespace.Type.UTS, Uapi.CLONE_NEWUTS);
        flags.put(Namespace.Type.IPC, Uapi.CLONE_NEWIPC);
        flags.put(Namespace.Type.CGROUP, Uapi.CLONE_NEWCGROUP);
        return flags;
    }

    static NamespacePlan of(List<Namespace> namespaces) throws RefusedException {
        Map<Namespace.Type, Boolean> seen = new EnumMap<>(Namespace.Type.class);
        for (Namespace each : namespaces) {
            String item = item(each.type());
            if (!FLAGS.containsKey(each.type())) {
                throw new RefusedException(item, name(each.type()) + " namespaces are not supported");
            }
            boolean isNew = each.path() == null || each.path().isEmpty();
            if (seen.putIfAbsent(each.type(), isNew) != null) {
                throw new RefusedException(item, "malformed spec file: duplicated ns \"" + name(each.type()) + "\"");
            }
        }
        if (!Boolean.TRUE.equals(seen.get(Namespace.Type.MOUNT))) {
            throw new RefusedException(item(Namespace.Type.MOUNT), "a container needs a mount namespace of its own");
        }
        List<Namespace.Type> joined = new ArrayList<>();
        seen.forEach((type, isNew) -> {
            if (!isNew) {
                joined.add(type);
            }
        });
        seen.values().removeIf(isNew -> !isNew);
        return new NamespacePlan(seen.keySet(), joined);
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
        return fresh.contains(type) || joined.contains(type);
    }

    Set<Namespace.Type> allOwn() {
        Set<Namespace.Type> all = new HashSet<>(fresh);
        all.addAll(joined);
        return all;
    }
}
