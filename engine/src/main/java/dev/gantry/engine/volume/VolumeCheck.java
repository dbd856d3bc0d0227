package dev.gantry.engine.volume;

import dev.gantry.engine.spec.MountPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What is wrong with the files of volumes, and how it is mended. What is in a volume is the containers' business.
public final class VolumeCheck {
    private final VolumeTable table;
    private final VolumeFiles files;

    VolumeCheck(VolumeTable table) {
        this.table = table;
        this.files = table.files();
    }

    /// Something that is wrong. While volumes are made and removed, more may seem so for a moment.
    public sealed interface Problem {}

    /// A volume that is not whole: see [#restore].
    public record Damaged(String name, String what) implements Problem {}

    /// What was being made or removed, and nobody goes on with: see [#remove].
    ///
    /// @param name below the directory of all volumes
    public record Abandoned(String name, Path path) implements Problem {}

    /// What Gantry does not make.
    public record Strange(Path path) implements Problem {}

    /// Looks at every volume, and at what lies beside them.
    public List<Problem> problems() throws IOException {
        List<Problem> found = new ArrayList<>();
        // listed first, looked up then: a volume is known while the lock is held under which it gets its name
        Set<String> names = new TreeSet<>(files.list(""));
        table.list().forEach(each -> names.add(each.name()));
        for (String each : names) {
            if (Unfinished.isUnfinished(each)) {
                abandoned(each, found);
            } else {
                volume(each, found);
            }
        }
        return found;
    }

    private void abandoned(String name, List<Problem> found) {
        if (!files.unfinished().isBusy(name) && exists(files.directory(name))) {
            found.add(new Abandoned(name, files.directory(name)));
        }
    }

    private static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isDirectory(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    private void volume(String name, List<Problem> found) throws IOException {
        Path directory = files.directory(name);
        boolean known = table.find(name).isPresent();
        if (!exists(directory)) {
            if (known) {
                found.add(new Damaged(name, directory + " is missing, and with it what was in it"));
            }
            return;
        }
        if (!VolumeNames.isValid(name) || !isDirectory(directory)) {
            found.add(new Strange(directory));
            return;
        }
        record(name, known, found);
        if (!isDirectory(files.data(name))) {
            found.add(
                    exists(files.data(name))
                            ? new Strange(files.data(name))
                            : new Damaged(name, files.data(name) + " is missing, and with it what was in it"));
        }
        for (String each : files.list(name)) {
            if (Unfinished.isUnfinished(each)) {
                abandoned(name + "/" + each, found);
            }
        }
    }

    private void record(String name, boolean known, List<Problem> found) {
        try {
            VolumeRecord _ = files.read(name);
            if (!known) {
                found.add(new Damaged(name, "the engine could not take it in when it started"));
            }
        } catch (IOException e) {
            found.add(new Damaged(name, "its record cannot be read: " + e.getMessage()));
        }
    }

    /// Makes what is missing of a volume, and writes its record again: as the engine knows it, or else as the
    /// containers that use it do.
    ///
    /// @param mounts of each container
    /// @throws IOException also if it is not there any more
    public void restore(String name, Map<String, List<MountPlan>> mounts) throws IOException {
        table.restore(name, guess(name, mounts));
    }

    private VolumeRecord guess(String name, Map<String, List<MountPlan>> mounts) throws IOException {
        Map<String, String> labels = new HashMap<>();
        Map<String, String> options = new HashMap<>();
        mounts.forEach((container, plans) -> uses(name, container, plans).forEach(each -> {
            VolumeRecord asked = ContainerVolumes.record(name, Instant.EPOCH, each);
            labels.putAll(asked.knownLabels());
            if (asked.options() != null && options.isEmpty()) {
                options.putAll(asked.options());
            }
        }));
        if (VolumeNames.isDerived(name)) {
            labels.put(VolumeRecord.ANONYMOUS, "");
        }
        return new VolumeRecord(
                name, created(name), labels.isEmpty() ? null : labels, options.isEmpty() ? null : options);
    }

    private static Stream<MountPlan.Volume> uses(String name, String container, List<MountPlan> mounts) {
        return ContainerVolumes.volumes(mounts).stream()
                .filter(each -> VolumeNames.of(container, each).equals(name));
    }

    private Instant created(String name) throws IOException {
        Path directory = files.directory(name);
        return exists(directory)
                ? Files.readAttributes(directory, BasicFileAttributes.class)
                        .creationTime()
                        .toInstant()
                : Instant.now();
    }

    /// Removes what was not finished.
    ///
    /// @throws IOException also if somebody works on it
    public void remove(Abandoned abandoned) throws IOException {
        if (files.unfinished().isBusy(abandoned.name())) {
            throw new IOException("it is being made or removed");
        }
        files.discard(abandoned.name());
    }
}
