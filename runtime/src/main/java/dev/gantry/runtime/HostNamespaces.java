package dev.gantry.runtime;

import dev.gantry.oci.runtime.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The host's namespaces: those of the runtime itself.
final class HostNamespaces {
    private static final Path OWN = Path.of("/proc/self/ns");

    private HostNamespaces() {}

    /// Which of those that are joined by a path are the host's. A path that leads nowhere is none of them.
    static Set<Namespace.Type> among(List<Namespace> namespaces) {
        Set<Namespace.Type> found = EnumSet.noneOf(Namespace.Type.class);
        for (Namespace each : namespaces) {
            if (each.path() != null && isHosts(each.type(), Path.of(each.path()))) {
                found.add(each.type());
            }
        }
        return found;
    }

    /// A namespace is known by device and inode number, namespaces(7).
    private static boolean isHosts(Namespace.Type type, Path path) {
        try {
            return identity(path).equals(identity(OWN.resolve(file(type))));
        } catch (IOException _) {
            return false; // who opens it says why it cannot be
        }
    }

    private static Map<String, Object> identity(Path file) throws IOException {
        return Files.readAttributes(file, "unix:dev,ino");
    }

    private static String file(Namespace.Type type) {
        return switch (type) {
            case MOUNT -> "mnt";
            case NETWORK -> "net";
            case PID, UTS, IPC, USER, CGROUP, TIME -> type.name().toLowerCase(Locale.ROOT);
        };
    }
}
