package dev.gantry.runtime.launch.compile;

import dev.gantry.oci.runtime.Namespace;
import dev.gantry.runtime.launch.RefusedException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which kernel parameters a container may set: those that belong to a namespace of its own. Texts and rules are
/// runc's.
final class Sysctls {
    private static final Set<String> IPC = Set.of(
            "kernel.msgmax",
            "kernel.msgmnb",
            "kernel.msgmni",
            "kernel.sem",
            "kernel.shmall",
            "kernel.shmmax",
            "kernel.shmmni",
            "kernel.shm_rmid_forced");

    private Sysctls() {}

    /// @param own the namespaces that are not the host's
    static void check(Map<String, String> sysctls, Set<Namespace.Type> own) throws RefusedException {
        for (String name : sysctls.keySet()) {
            String problem = problem(dotted(name), own);
            if (problem != null) {
                throw new RefusedException("linux.sysctl:" + name, "sysctl \"" + name + "\" " + problem);
            }
        }
    }

    private static @Nullable String problem(String name, Set<Namespace.Type> own) {
        if (IPC.contains(name) || name.startsWith("fs.mqueue.")) {
            return own.contains(Namespace.Type.IPC) ? null : "is not allowed in the hosts ipc namespace";
        }
        if (name.startsWith("net.")) {
            return own.contains(Namespace.Type.NETWORK) ? null : "not allowed in host network namespace";
        }
        if (name.startsWith("user.")) {
            return own.contains(Namespace.Type.USER) ? null : "is not allowed in the host user namespace";
        }
        if (name.equals("kernel.domainname")) {
            return own.contains(Namespace.Type.UTS) ? null : "is not allowed in the host UTS namespace";
        }
        if (name.equals("kernel.hostname")) {
            return "is not allowed as it conflicts with the OCI \"hostname\" field";
        }
        return "is not in a separate kernel namespace";
    }

    /// The file below `/proc/sys`. A name is separated by dots, or by slashes if a slash comes first; see sysctl(8).
    static String file(String name) throws RefusedException {
        String path = dotted(name).replace('.', '\0').replace('/', '.').replace('\0', '/');
        for (String component : path.split("/", -1)) {
            if (component.isEmpty() || component.equals(".") || component.equals("..")) {
                throw new RefusedException("linux.sysctl:" + name, "sysctl \"" + name + "\" is not a name");
            }
        }
        return "sys/" + path;
    }

    private static String dotted(String name) {
        int dot = name.indexOf('.');
        int slash = name.indexOf('/');
        boolean slashed = slash >= 0 && (dot < 0 || slash < dot);
        return slashed ? name.replace('.', '\0').replace('/', '.').replace('\0', '/') : name;
    }
}
