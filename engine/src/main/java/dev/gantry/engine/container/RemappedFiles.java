package dev.gantry.engine.container;

import dev.gantry.engine.EngineOptions.UserRemapping;
import dev.gantry.kernel.SafeDirectory;
import java.io.IOException;
import java.util.List;

/// Gives what the daemon makes for a container to the container's root, where that is not the host's: the files that
/// tell it names.
final class RemappedFiles {
    private RemappedFiles() {}

    static void give(ContainerFiles files, UserRemapping remapping) throws IOException {
        try (SafeDirectory directory = SafeDirectory.open(files.directory())) {
            for (var each : List.of(files.hostname(), files.hosts(), files.resolvConf())) {
                directory.chown(String.valueOf(each.getFileName()), remapping.rootUid(), remapping.rootGid());
            }
        }
    }
}
