package dev.gantry.engine.container;

import dev.gantry.engine.EngineOptions.UserRemapping;
import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.runtime.IdMapping;
import java.io.IOException;
import java.util.List;

/// Gives what the daemon makes for a container to the container's root, where that is not the host's: the files that
/// tell it names, and its volumes.
final class RemappedFiles {
    private RemappedFiles() {}

    static void give(ContainerFiles files, UserRemapping remapping) throws IOException {
        long uid = root(remapping.uids());
        long gid = root(remapping.gids());
        try (SafeDirectory directory = SafeDirectory.open(files.directory())) {
            for (var each : List.of(files.hostname(), files.hosts(), files.resolvConf())) {
                directory.chown(String.valueOf(each.getFileName()), uid, gid);
            }
            if (directory.findStatus("volumes").isPresent()) {
                for (String volume : directory.list("volumes")) {
                    String path = "volumes/" + volume;
                    FileStatus status = directory.status(path);
                    // one that the image fills has its owner from there
                    if (status.uid() == 0) {
                        directory.chown(path, uid, gid);
                    }
                }
            }
        }
    }

    private static long root(List<IdMapping> ranges) {
        return ranges.stream()
                .filter(range -> range.containerId() == 0)
                .mapToLong(IdMapping::hostId)
                .findFirst()
                .orElse(0);
    }
}
