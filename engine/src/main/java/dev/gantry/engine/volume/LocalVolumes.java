package dev.gantry.engine.volume;

import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.EngineException.NotFound;
import dev.gantry.engine.Filters;
import dev.gantry.engine.Pruned;
import dev.gantry.engine.Volumes;
import dev.gantry.engine.event.EventLog;
import dev.gantry.engine.request.VolumeRequest;
import dev.gantry.engine.spec.MountRequests;
import dev.gantry.engine.view.VolumeView;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.kernel.tree.TreeUsage;
import dev.gantry.store.space.FullDisk;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// The volumes of this host, all of the driver `local`.
public final class LocalVolumes implements Volumes {
    private static final System.Logger LOGGER = System.getLogger(LocalVolumes.class.getName());
    private static final String LOCAL = "local";
    private static final Set<String> LIST_FILTERS = Set.of("dangling", "driver", "label", "name");
    private static final Set<String> PRUNE_FILTERS = Set.of("all", "label", "label!");

    private final VolumeTable table;
    private final Runnable beforeRemoval;

    private LocalVolumes(VolumeTable table, Runnable beforeRemoval) {
        this.table = table;
        this.beforeRemoval = beforeRemoval;
    }

    /// Reads the volumes below a directory, which is made if it is missing. Who uses them is not known yet: see
    /// [ContainerVolumes#hold].
    ///
    /// @param uid who owns a new volume: the root of containers, as the host knows it
    /// @param beforeRemoval refuses to remove a volume while it is not known whether somebody uses it
    public static LocalVolumes open(Path directory, long uid, long gid, EventLog events, Runnable beforeRemoval)
            throws IOException {
        var files = new VolumeFiles(directory, new VolumeFiles.Owner(uid, gid));
        return new LocalVolumes(new VolumeTable(files, events), beforeRemoval);
    }

    /// The same volumes, as containers need them.
    public ContainerVolumes ofContainers() {
        return new ContainerVolumes(table);
    }

    /// The same volumes, as they are looked at.
    public VolumeCheck check() {
        return new VolumeCheck(table);
    }

    @Override
    public VolumeView create(VolumeRequest request) {
        boolean named = request.name() != null && !request.name().isEmpty();
        String name = named ? Objects.requireNonNull(request.name()) : VolumeNames.random();
        String driver = Objects.requireNonNullElse(request.driver(), "");
        if (!driver.isEmpty() && !driver.equals(LOCAL)) {
            throw new NotFound("create " + name + ": " + MountRequests.noVolumeDriver(driver));
        }
        VolumeNames.check(name);
        Map<String, String> options = Objects.requireNonNullElse(request.driverOpts(), Map.of());
        if (table.find(name).isEmpty()) {
            DriverOptions.check(name, options);
            try {
                table.make(
                        new VolumeRecord(
                                name, Instant.now(), labels(request, named), options.isEmpty() ? null : options),
                        VolumeFiles.Filling.NONE);
            } catch (IOException e) {
                IOException why = FullDisk.explained(e, table.files().directory(name));
                throw new Failed("create " + name + ": " + why.getMessage(), why);
            }
        }
        return inspect(name);
    }

    private static @Nullable Map<String, String> labels(VolumeRequest request, boolean named) {
        if (named) {
            return request.labels();
        }
        Map<String, String> labels = new HashMap<>(Objects.requireNonNullElse(request.labels(), Map.of()));
        labels.put(VolumeRecord.ANONYMOUS, "");
        return labels;
    }

    @Override
    public VolumeView inspect(String name) {
        return view(table.get(name), null);
    }

    private VolumeView view(VolumeRecord volume, VolumeView.@Nullable Usage usage) {
        return new VolumeView(
                volume.created().truncatedTo(ChronoUnit.SECONDS).toString(),
                LOCAL,
                volume.labels(),
                table.files().data(volume.name()).toString(),
                volume.name(),
                volume.options(),
                LOCAL,
                usage);
    }

    @Override
    public List<VolumeView> list(Filters filters) {
        filters.requireOnly(LIST_FILTERS);
        boolean all = !filters.has("dangling");
        boolean dangling = filters.isTrue("dangling", false);
        return table.list().stream()
                .filter(each -> all || table.users(each.name()).isEmpty() == dangling)
                .filter(_ -> !filters.has("driver") || filters.get("driver").contains(LOCAL))
                .filter(each -> filters.matchLabels(each.knownLabels()))
                .filter(each -> !filters.has("name")
                        || filters.get("name").stream().anyMatch(wanted -> matches(wanted, each.name())))
                .map(each -> view(each, null))
                .toList();
    }

    private static boolean matches(String expression, String text) {
        try {
            return Pattern.compile(expression).matcher(text).find();
        } catch (PatternSyntaxException _) {
            return expression.equals(text);
        }
    }

    /// Every volume with what it takes on the disk.
    public List<VolumeView> usage() {
        return table.list().stream()
                .map(each ->
                        view(each, new VolumeView.Usage(table.users(each.name()).size(), size(each.name()))))
                .toList();
    }

    /// What a volume's own directory takes: what a removal gives back. A directory of the host's that stands for the
    /// volume stays.
    private long size(String name) {
        try (SafeDirectory directory = SafeDirectory.open(table.files().directory(name))) {
            return TreeUsage.of(directory).allocated();
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "size of volume " + name, e);
            return 0;
        }
    }

    @Override
    public void remove(String name, boolean force) {
        if (force && table.find(name).isEmpty()) {
            return;
        }
        beforeRemoval.run();
        try {
            table.remove(name);
        } catch (IOException e) {
            throw new Failed("remove " + name + ": " + e.getMessage(), e);
        }
    }

    /// What a prune takes.
    ///
    /// @param size bytes on the disk
    public record Prunable(String name, boolean anonymous, long size) {}

    /// What a prune would take if some containers were gone.
    ///
    /// @param gone IDs of containers
    public List<Prunable> prunable(Filters filters, Set<String> gone) {
        filters.requireOnly(PRUNE_FILTERS);
        boolean all = filters.isTrue("all", false);
        return table.list().stream()
                .filter(each -> all || each.isAnonymous())
                .filter(each -> gone.containsAll(table.users(each.name())))
                .filter(each -> filters.matchLabels(each.knownLabels()))
                .map(each -> new Prunable(each.name(), each.isAnonymous(), size(each.name())))
                .toList();
    }

    @Override
    public Pruned prune(Filters filters) {
        beforeRemoval.run();
        var deleted = new ArrayList<String>();
        long reclaimed = 0;
        for (Prunable each : prunable(filters, Set.of())) {
            try {
                table.remove(each.name());
                deleted.add(each.name());
                reclaimed += each.size();
            } catch (Conflict | NotFound e) {
                LOGGER.log(Level.DEBUG, "prune of volume {0}: {1}", each.name(), e.getMessage());
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "prune of volume " + each.name(), e);
            }
        }
        table.publishPrune(reclaimed);
        return new Pruned(deleted, reclaimed);
    }
}
