package dev.gantry.engine.volume;

import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.spec.MountPlan;
import dev.gantry.engine.system.HostMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Whether bind mounts can have the propagation that is asked for: the mount in the container is a copy of the one on
/// which the source lies, and has no other peers and no other master than that.
public final class SourcePropagation {
    private SourcePropagation() {}

    /// Refuses mounts that nothing would ever propagate to or from.
    ///
    /// @throws Failed with Docker's text
    public static void require(List<MountPlan> plans) {
        for (MountPlan plan : plans) {
            if (plan instanceof MountPlan.Bind bind) {
                require(bind);
            }
        }
    }

    private static void require(MountPlan.Bind bind) {
        switch (bind.options().propagation()) {
            case "shared", "rshared" -> {
                HostMount mount = mount(bind.source());
                if (!mount.shared()) {
                    throw notA("shared", bind.source(), mount);
                }
            }
            case "slave", "rslave" -> {
                HostMount mount = mount(bind.source());
                if (!mount.shared() && !mount.slave()) {
                    throw notA("shared or slave", bind.source(), mount);
                }
            }
            default -> {
                // private ones have nothing to do with the source's
            }
        }
    }

    private static Failed notA(String kind, String source, HostMount mount) {
        return new Failed("path " + source + " is mounted on " + mount.point() + " but it is not a " + kind + " mount");
    }

    /// A source that is not there yet would be made on the mount of what there is of its path.
    private static HostMount mount(String source) {
        Path there = Path.of(source);
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        try {
            return HostMount.of(there.toRealPath(), HostMount.all());
        } catch (IOException e) {
            throw new Failed("mount of " + source + ": " + e.getMessage(), e);
        }
    }
}
