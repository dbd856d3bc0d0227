package dev.gantry.engine.check;

import dev.gantry.engine.system.HostMount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Mounts where none belongs: whatever Gantry mounts is detached.
///
/// @param roots directories below which there is none
record MountsPart(List<Path> roots) implements Part {
    @Override
    public String name() {
        return "/proc/self/mountinfo";
    }

    @Override
    public List<Finding> look() throws IOException {
        return look(HostMount.all());
    }

    List<Finding> look(List<HostMount> mounts) {
        List<Finding> found = new ArrayList<>();
        for (HostMount mount : mounts) {
            Path point = mount.point();
            if (roots.stream().anyMatch(root -> point.startsWith(root) && !point.equals(root))) {
                found.add(Finding.advised(
                        Kind.MOUNT, point, "is mounted where Gantry mounts nothing", "unmount it: umount " + point));
            }
        }
        return found;
    }
}
