package dev.gantry.runtime.mount;

import dev.gantry.oci.runtime.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The devpts of somebody else that a bind mount on `/dev` or `/dev/pts` shows a container. A terminal of another
/// instance would have no name there.
///
/// @param index of the bind mount among the mounts
/// @param directory in that mount; `.` is the mount itself
public record BoundTerminals(int index, String directory) {
    private static final String DEVPTS = "devpts";

    /// Finds it; empty if the container has a devpts of its own, or none.
    public static Optional<BoundTerminals> among(List<Mount> mounts) {
        if (mounts.stream().anyMatch(each -> DEVPTS.equals(each.type()))) {
            return Optional.empty();
        }
        return find(mounts, "/dev/pts", ".").or(() -> find(mounts, "/dev", "pts"));
    }

    private static Optional<BoundTerminals> find(List<Mount> mounts, String place, String directory) {
        for (int i = mounts.size() - 1; i >= 0; i--) {
            Mount mount = mounts.get(i);
            if (mount.place().equals(place)) {
                boolean shown = BindSource.of(mount)
                        .filter(source -> directory.equals(".") || source.isRecursive())
                        .filter(source -> isDevpts(source.path().resolve(directory)))
                        .isPresent();
                return shown ? Optional.of(new BoundTerminals(i, directory)) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static boolean isDevpts(Path directory) {
        try {
            return Files.getFileStore(directory).type().equals(DEVPTS);
        } catch (IOException _) {
            return false; // what cannot be bound is refused in its turn
        }
    }
}
