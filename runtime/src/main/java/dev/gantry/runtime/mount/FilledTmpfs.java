package dev.gantry.runtime.mount;

import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.Mounts;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.kernel.tree.TreeCopy;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.runtime.idmap.IdMaps;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A tmpfs that begins with a copy of what it covers: mount option `tmpcopyup`.
public final class FilledTmpfs {
    private FilledTmpfs() {}

    /// A detached tmpfs with what the root has at the mount's destination, and without the mount's attributes.
    ///
    /// @param data what the file system understands, with owners as the host knows them
    /// @param root of the container, before anything is mounted in it
    /// @param maps of the container's user namespace, whose root owns what covers nothing
    public static OwnedFd of(Mount mount, List<String> data, SafeDirectory root, IdMaps maps) throws IOException {
        Map<String, String> parameters = parameters(mount, data);
        Optional<FileStatus> covered = root.findStatus(mount.destination()).filter(FileStatus::isDirectory);
        covered.ifPresent(status -> {
            parameters.putIfAbsent("uid", Long.toString(status.uid()));
            parameters.putIfAbsent("gid", Long.toString(status.gid()));
            parameters.putIfAbsent("mode", Integer.toOctalString(status.mode()));
        });
        maps.hostUid(0).ifPresent(uid -> parameters.putIfAbsent("uid", Long.toString(uid)));
        maps.hostGid(0).ifPresent(gid -> parameters.putIfAbsent("gid", Long.toString(gid)));
        OwnedFd made = Mounts.fileSystem("tmpfs", parameters, Set.of());
        try {
            if (covered.isPresent()) {
                fill(made, mount, root);
            }
            return made;
        } catch (IOException | RuntimeException e) {
            made.close();
            throw e;
        }
    }

    private static void fill(OwnedFd made, Mount mount, SafeDirectory root) throws IOException {
        SafeDirectory to = SafeDirectory.of(made); // not closed: it would close the mount
        try (SafeDirectory from = root.openDirectory(mount.destination())) {
            new TreeCopy(from, to).run();
        }
    }

    private static Map<String, String> parameters(Mount mount, List<String> data) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("source", mount.source() == null ? "tmpfs" : mount.source());
        for (String each : data) {
            int equals = each.indexOf('=');
            parameters.put(equals < 0 ? each : each.substring(0, equals), equals < 0 ? "" : each.substring(equals + 1));
        }
        return parameters;
    }
}
