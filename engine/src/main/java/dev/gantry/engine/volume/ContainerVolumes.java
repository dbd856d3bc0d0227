package dev.gantry.engine.volume;

import dev.gantry.engine.EngineException;
import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.EngineException.NotFound;
import dev.gantry.engine.config.Mount;
import dev.gantry.engine.spec.MountPlan;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.SafeDirectory;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The volumes of containers: they are there before the container is, and stay while it does.
///
/// Each method is given what is mounted into the container, and looks at the volumes among it.
public final class ContainerVolumes {
    private static final System.Logger LOGGER = System.getLogger(ContainerVolumes.class.getName());

    private final VolumeTable table;

    ContainerVolumes(VolumeTable table) {
        this.table = table;
    }

    /// The root file system of a container that does not run.
    @FunctionalInterface
    public interface Root {
        /// Mounts it; the caller closes it.
        SafeDirectory open() throws IOException;
    }

    /// Makes the volumes that are missing, gives those without content what the image has, and holds all of them.
    /// Nothing is left when it throws.
    public void prepare(String container, List<MountPlan> mounts, Root root) throws IOException {
        boolean prepared = false;
        try (Content content = new Content(root)) {
            for (MountPlan.Volume each : volumes(mounts)) {
                prepare(container, each, content, true);
            }
            prepared = true;
        } finally {
            if (!prepared) {
                release(container, mounts, true);
            }
        }
    }

    /// Before a start: makes again what somebody has deleted behind the engine's back.
    public void ensure(String container, List<MountPlan> mounts, Root root) throws IOException {
        try (Content content = new Content(root)) {
            for (MountPlan.Volume each : volumes(mounts)) {
                prepare(container, each, content, false);
            }
        }
    }

    private void prepare(String container, MountPlan.Volume volume, Content content, boolean fill) throws IOException {
        String name = VolumeNames.of(container, volume);
        VolumeNames.check(name);
        Map<String, String> options = driverOptions(volume);
        table.use(name, container);
        boolean copies =
                !volume.options().noCopy() && volume.options().subpath().isEmpty();
        VolumeFiles.Filling image = (parent, data) -> new CopyUp(content.root(), volume.target()).fill(parent, data);
        boolean missing = table.find(name).isEmpty();
        if (missing) {
            DriverOptions.check(name, options);
            boolean own = DriverOptions.directory(options).isEmpty();
            table.make(record(name, Instant.now(), volume), copies && own ? image : VolumeFiles.Filling.NONE);
        }
        if (copies && (fill || missing)) {
            table.fill(table.get(name), container, image);
        }
    }

    /// What is recorded of a volume that a container has asked for.
    static VolumeRecord record(String name, Instant created, MountPlan.Volume volume) {
        Map<String, String> options = driverOptions(volume);
        Map<String, String> labels = new HashMap<>(volume.options().labels());
        if (volume.isAnonymous()) {
            labels.put(VolumeRecord.ANONYMOUS, "");
        }
        return new VolumeRecord(name, created, labels.isEmpty() ? null : labels, options.isEmpty() ? null : options);
    }

    private static Map<String, String> driverOptions(MountPlan.Volume volume) {
        Mount.DriverConfig driver = volume.options().driverConfig();
        return driver == null ? Map.of() : driver.options();
    }

    /// Holds the volumes of a container that was there before.
    public void hold(String container, List<MountPlan> mounts) {
        volumes(mounts).forEach(each -> table.use(VolumeNames.of(container, each), container));
    }

    /// Lets go of the volumes.
    ///
    /// @param remove whether those that nobody has named are removed, unless others use them, too
    public void release(String container, List<MountPlan> mounts, boolean remove) {
        for (MountPlan.Volume each : volumes(mounts)) {
            String name = VolumeNames.of(container, each);
            table.release(name, container);
            if (remove && each.isAnonymous() && table.find(name).isPresent()) {
                try {
                    table.remove(name);
                } catch (Conflict | NotFound _) {
                    // another container uses it and keeps it, or somebody has removed it meanwhile
                } catch (IOException | EngineException e) {
                    LOGGER.log(Level.WARNING, "volume " + name + " of container " + container + " stays", e);
                }
            }
        }
    }

    /// Tells everybody that a start has mounted the volumes.
    public void mounted(String container, List<MountPlan> mounts) {
        for (MountPlan.Volume each : volumes(mounts)) {
            table.publish(
                    "mount",
                    VolumeNames.of(container, each),
                    Map.of(
                            "container",
                            container,
                            "destination",
                            each.target(),
                            "propagation",
                            "",
                            "read/write",
                            Boolean.toString(!each.readOnly())));
        }
    }

    /// Tells everybody that an end has unmounted them.
    public void unmounted(String container, List<MountPlan> mounts) {
        volumes(mounts)
                .forEach(each ->
                        table.publish("unmount", VolumeNames.of(container, each), Map.of("container", container)));
    }

    /// Where the host sees the volume.
    public Path mountpoint(String container, MountPlan.Volume volume) {
        return table.files().data(VolumeNames.of(container, volume));
    }

    /// Where the volume's content lies, or what is to be mounted of it: a part of it only as it would be found there.
    public Path foreseen(String container, MountPlan.Volume volume) {
        Path source =
                table.find(VolumeNames.of(container, volume)).map(table::source).orElse(mountpoint(container, volume));
        return volume.options().subpath().isEmpty()
                ? source
                : source.resolve(volume.options().subpath()).normalize();
    }

    /// What is to be mounted of a volume. A part of one is looked up beneath it, whatever links containers have put
    /// there, and named by its descriptor.
    public Source open(String container, MountPlan.Volume volume) throws IOException {
        Path source = table.source(table.get(VolumeNames.of(container, volume)));
        String subpath = volume.options().subpath();
        if (subpath.isEmpty()) {
            return new Source(source.toString(), null);
        }
        try (SafeDirectory directory = SafeDirectory.open(source)) {
            OwnedFd part = directory.openPath(subpath, true);
            return new Source(part.path(), part);
        } catch (KernelException e) {
            throw new Failed("cannot access path " + source.resolve(subpath) + ": " + e.getMessage(), e);
        }
    }

    /// A path to mount, good until this is closed.
    public record Source(String path, @Nullable OwnedFd held) implements AutoCloseable {
        @Override
        public void close() {
            if (held != null) {
                held.close();
            }
        }
    }

    static List<MountPlan.Volume> volumes(List<MountPlan> mounts) {
        return mounts.stream()
                .flatMap(each -> each instanceof MountPlan.Volume volume ? Stream.of(volume) : Stream.empty())
                .toList();
    }

    /// A root that is mounted when somebody wants it.
    private static final class Content implements AutoCloseable {
        private final Root root;
        private @Nullable SafeDirectory opened;

        Content(Root root) {
            this.root = root;
        }

        SafeDirectory root() throws IOException {
            if (opened == null) {
                opened = root.open();
            }
            return opened;
        }

        @Override
        public void close() {
            if (opened != null) {
                opened.close();
            }
        }
    }
}
