package dev.gantry.runtime.cgroup;

import static java.util.Map.entry;

import dev.gantry.runtime.cgroup.Setting.Choice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Writes settings into the cgroups of one container.
final class SettingWriter {
    /// Before what holds for all devices without a value of their own, in the first line.
    private static final String DEFAULT = "default ";

    /// What a device has to which nothing was set, in files with a line for each device to which something was.
    private static final Map<String, String> RESETS = Map.ofEntries(
            entry("io.max", "rbps=max wbps=max riops=max wiops=max"),
            entry("io.weight", "default"),
            entry("io.bfq.weight", "default"),
            entry("rdma.max", "hca_handle=max hca_object=max"),
            entry("blkio.weight_device", "0"),
            entry("blkio.leaf_weight_device", "0"),
            entry("blkio.bfq.weight_device", "0"),
            entry("blkio.throttle.read_bps_device", "0"),
            entry("blkio.throttle.write_bps_device", "0"),
            entry("blkio.throttle.read_iops_device", "0"),
            entry("blkio.throttle.write_iops_device", "0"));

    private final Function<String, @Nullable Path> directories;
    private final Supplier<String> where;
    private final Consumer<String> warnings;

    /// @param directories the container's directory for a controller; null if the host has none
    /// @param where it is that the host has none
    /// @param warnings told what this host cannot limit
    SettingWriter(Function<String, @Nullable Path> directories, Supplier<String> where, Consumer<String> warnings) {
        this.directories = directories;
        this.where = where;
        this.warnings = warnings;
    }

    /// Writes all in order, until one is refused. A file that takes several values in a row is opened once.
    void write(List<Setting> settings) throws IOException {
        Path file = null;
        List<String> values = new ArrayList<>();
        for (Setting each : settings) {
            Written target = target(each, file);
            if (target == null) {
                continue;
            }
            if (file != null && !file.equals(target.file())) {
                ControlFile.write(file, values);
                values.clear();
            }
            file = target.file();
            values.add(target.value());
        }
        if (file != null) {
            ControlFile.write(file, values);
        }
    }

    private record Written(Path file, String value) {}

    /// Changes the limits of a container that runs: all of them, or none.
    ///
    /// The kernel refuses what contradicts another limit that is still the old one (memory above memory and
    /// swap, a quota below the burst). So what was refused is written again when the others have been.
    void update(List<Setting> settings) throws IOException {
        List<Written> targets = new ArrayList<>();
        List<Written> former = new ArrayList<>();
        for (Setting each : settings) {
            Written target = target(each, null);
            if (target != null) {
                targets.add(target);
                former.add(0, new Written(target.file(), former(target)));
            }
        }
        try {
            for (Written each : refusedOf(targets)) {
                ControlFile.write(each.file(), each.value());
            }
        } catch (IOException e) {
            refusedOf(refusedOf(former));
            throw e;
        }
    }

    /// What undoes a change: the former value, or that of the same device.
    private static String former(Written target) throws IOException {
        String content = ControlFile.read(target.file());
        int space = target.value().indexOf(' ');
        String key = space < 0 ? "" : target.value().substring(0, space + 1);
        Optional<String> line = content.lines()
                .filter(each -> space >= 0 && each.startsWith(key))
                .findFirst();
        if (content.startsWith(DEFAULT) && space < 0) {
            return content.lines().findFirst().orElseThrow();
        }
        String reset = RESETS.get(String.valueOf(target.file().getFileName()));
        if (line.isPresent()) {
            return line.get();
        } else if (space >= 0 && reset != null) {
            return key + reset;
        }
        // a group with processes does not become one again that takes what its parent has
        Path effective = target.file().resolveSibling(target.file().getFileName() + ".effective");
        return content.isEmpty() && Files.exists(effective) ? ControlFile.read(effective) : content;
    }

    /// Writes, and says what the kernel does not take.
    private static List<Written> refusedOf(List<Written> targets) {
        List<Written> refused = new ArrayList<>();
        for (Written each : targets) {
            try {
                ControlFile.write(each.file(), each.value());
            } catch (IOException _) {
                refused.add(each);
            }
        }
        return refused;
    }

    /// The first of the files that this kernel has; null if the limit is discarded.
    ///
    /// @param known a file that is there
    private @Nullable Written target(Setting setting, @Nullable Path known) throws IOException {
        Path directory = directories.apply(setting.controller());
        if (directory == null) {
            throw new IOException("%s: the %s cgroup controller is not available %s"
                    .formatted(setting.item(), setting.controller(), where.get()));
        }
        for (Choice each : setting.choices()) {
            Path file = directory.resolve(each.file());
            if (file.equals(known) || Files.exists(file)) {
                return new Written(file, each.value());
            }
        }
        String file = setting.choices().getFirst().file();
        switch (setting.lacking()) {
            case REFUSED -> throw new IOException("%s: this kernel has no %s".formatted(setting.item(), file));
            case DISCARDED ->
                warnings.accept("Your kernel does not support %s or the cgroup is not mounted. Limitation discarded."
                        .formatted(file.replace('_', ' ').toLowerCase(Locale.ROOT)));
            case FINE -> {}
        }
        return null;
    }
}
