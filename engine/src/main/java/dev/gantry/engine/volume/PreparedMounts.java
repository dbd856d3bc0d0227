package dev.gantry.engine.volume;

import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.spec.MountPlan;
import dev.gantry.engine.spec.MountRequests;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.runtime.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The mounts of one start, with sources that exist; to be closed when they are mounted.
public final class PreparedMounts implements AutoCloseable {
    private final ContainerVolumes volumes;
    private final List<ContainerVolumes.Source> sources = new ArrayList<>();

    public PreparedMounts(ContainerVolumes volumes) {
        this.volumes = volumes;
    }

    /// What the specification is to say.
    ///
    /// @param root the container's, before anything is mounted in it
    /// @throws Invalid for a source that is missing and is not to be made
    public List<Mount> of(String container, List<MountPlan> plans, SafeDirectory root) throws IOException {
        volumes.ensure(
                container, plans, () -> SafeDirectory.of(root.descriptor().duplicate()));
        MountRequests.requireSources(plans);
        var mounts = new ArrayList<Mount>();
        for (MountPlan plan : plans) {
            switch (plan) {
                case MountPlan.Bind bind -> make(Path.of(bind.source()));
                case MountPlan.Volume volume -> sources.add(volumes.open(container, volume));
                case MountPlan.Tmpfs _ -> {}
            }
            mounts.add(mount(plan, _ -> sources.getLast().path()));
        }
        return mounts;
    }

    private static void make(Path source) throws IOException {
        if (!Files.exists(source)) {
            Files.createDirectories(source);
        }
    }

    /// A mount as the specification has it.
    ///
    /// @param source where a volume lies
    public static Mount mount(MountPlan plan, Function<MountPlan.Volume, String> source) {
        return switch (plan) {
            case MountPlan.Bind bind ->
                new Mount(bind.target(), "bind", bind.source(), bind.options().options());
            case MountPlan.Tmpfs tmpfs -> new Mount(tmpfs.target(), "tmpfs", "tmpfs", tmpfs.options());
            case MountPlan.Volume volume -> {
                String access = volume.readOnly() ? "ro" : "rw";
                yield new Mount(volume.target(), "bind", source.apply(volume), List.of("rbind", access, "rprivate"));
            }
        };
    }

    @Override
    public void close() {
        sources.forEach(ContainerVolumes.Source::close);
    }
}
