package dev.gantry.engine.volume;

import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.kernel.tree.TreeCopy;
import java.io.IOException;
import java.util.Optional;

/// Gives a volume what the image has at the volume's target, with owner and mode of that directory.
///
/// @param root the container's, before anything is mounted over the target
record CopyUp(SafeDirectory root, String target) implements VolumeFiles.Filling {
    @Override
    public void fill(SafeDirectory parent, String data) throws IOException {
        Optional<FileStatus> present = root.findStatus(target);
        if (present.isEmpty() || !present.get().isDirectory()) {
            return;
        }
        FileStatus image = present.get();
        try (SafeDirectory from = root.openDirectory(target);
                SafeDirectory to = parent.openDirectory(data)) {
            new TreeCopy(from, to).run();
        }
        parent.chown(data, image.uid(), image.gid());
        parent.chmod(data, image.mode());
    }
}
