package dev.gantry.runtime.cgroup;

import dev.gantry.oci.runtime.Resources;
import dev.gantry.runtime.cgroup.CgroupHost.Hierarchy;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The cgroups of a container on a host with cgroup v1, hybrid or not.
public final class V1Cgroup implements Cgroup {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /// How long a group that is being killed is waited for to freeze.
    private static final Duration FREEZING = Duration.ofMillis(200);
    private static final long PAUSE_NANOS = 200_000;
    /// Below a parent: what supervises the containers there, one group for each, in one hierarchy only.
    static final String SUPERVISORS = "supervisors";

    private final CgroupHost host;
    private final String parent;
    private final String name;

    private V1Cgroup(CgroupHost host, String parent, String name) {
        this.host = host;
        this.parent = relative(parent);
        this.name = name;
    }

    /// The cgroups of a container, whether they exist or not.
    ///
    /// @param parent such as `/gantry`
    public static V1Cgroup of(CgroupHost host, String parent, String name) {
        if (name.contains("/")
                || name.equals("..")
                || name.equals(SUPERVISORS)
                || List.of(parent.split("/", -1)).contains("..")) {
            throw new IllegalArgumentException("invalid cgroup \"" + parent + "/" + name + "\"");
        }
        return new V1Cgroup(host, parent, name);
    }

    private static String relative(String path) {
        return path.startsWith("/") ? path.substring(1) : path;
    }

    /// Makes the directories and writes the limits; removes them again if one is refused.
    ///
    /// @param warnings told what this host cannot limit
    public void create(@Nullable Resources resources, Consumer<String> warnings) throws IOException {
        try {
            for (Path each : ownDirectories()) {
                make(each);
            }
            for (V1Limits.Setting each : V1Limits.of(resources)) {
                write(each, warnings);
            }
        } catch (IOException e) {
            try {
                remove();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /// The directories that [#create] makes.
    public List<Path> ownDirectories() {
        List<Path> all = directories();
        all.add(supervisor());
        return all;
    }

    /// A value that [#create] writes.
    ///
    /// @param item what of the specification asks for it
    public record Limit(Path file, String value, String item) {}

    /// What [#create] writes, on a kernel that has every file.
    public List<Limit> limits(@Nullable Resources resources) {
        List<Limit> limits = new ArrayList<>();
        for (V1Limits.Setting each : V1Limits.of(resources)) {
            Path directory = directory(each.controller());
            if (directory != null) {
                limits.add(new Limit(directory.resolve(each.files().getFirst()), each.value(), each.item()));
            }
        }
        return limits;
    }

    /// Writes to the first of the files that this kernel has.
    private void write(V1Limits.Setting setting, Consumer<String> warnings) throws IOException {
        Path directory = directory(setting.controller());
        List<Path> present = new ArrayList<>();
        if (directory != null) {
            setting.files().stream()
                    .map(directory::resolve)
                    .filter(Files::exists)
                    .forEach(present::add);
        }
        if (present.isEmpty()) {
            String file = setting.files().getFirst();
            warnings.accept("Your kernel does not support %s or the cgroup is not mounted. Limitation discarded."
                    .formatted(file.replace('_', ' ').toLowerCase(Locale.ROOT)));
        } else {
            ControlFile.write(present.getFirst(), setting.value());
        }
    }

    private List<Path> directories() {
        List<Path> all = new ArrayList<>();
        for (Hierarchy each : host.hierarchies()) {
            all.add(directory(each));
        }
        Path unified = unified();
        if (unified != null) {
            all.add(unified);
        }
        return all;
    }

    private Path directory(Hierarchy hierarchy) {
        return hierarchy.mountPoint().resolve(parent).resolve(name);
    }

    /// The directory in the hierarchy of a controller; null if the host has none.
    private @Nullable Path directory(String controller) {
        Hierarchy hierarchy = host.find(controller);
        return hierarchy == null ? null : directory(hierarchy);
    }

    private static void make(Path directory) throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException _) {
            // left behind by a crash of the host's or ours: used again, as it would have been made
        } catch (NoSuchFileException _) {
            makeParents(directory.resolve("..").normalize());
            Files.createDirectory(directory);
        }
    }

    /// Parents are made once. A cpuset without CPUs takes no task, so they inherit theirs, and say that children do.
    private static void makeParents(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        makeParents(directory.resolve("..").normalize());
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException _) {
            return; // another container's start was faster
        }
        if (Files.exists(directory.resolve("cpuset.cpus"))) {
            for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
                String above = ControlFile.read(directory.resolveSibling(file));
                ControlFile.write(directory.resolve(file), above);
            }
            ControlFile.write(directory.resolve("cgroup.clone_children"), "1");
        }
    }

    @Override
    public List<Path> joinFiles() {
        return joined().stream().map(each -> each.resolve("tasks")).toList();
    }

    /// The container's directory in each hierarchy, in the order of the files above.
    public List<Path> joined() {
        return host.hierarchies().stream().map(this::directory).toList();
    }

    @Override
    public @Nullable Path unified() {
        Path mountPoint = host.unified();
        return mountPoint == null ? null : mountPoint.resolve(parent).resolve(name);
    }

    private Path supervisor() {
        Hierarchy named = host.find("name=systemd");
        Hierarchy hierarchy = named == null ? host.hierarchies().getFirst() : named;
        return hierarchy.mountPoint().resolve(parent).resolve(SUPERVISORS).resolve(name);
    }

    @Override
    public Path supervisorFile() {
        return supervisor().resolve("tasks");
    }

    private Path tracking() {
        Path freezer = directory("freezer");
        return freezer == null ? directory(host.hierarchies().getFirst()) : freezer;
    }

    @Override
    public List<Integer> processes() throws IOException {
        return processes(tracking());
    }

    private static List<Integer> processes(Path group) throws IOException {
        List<Integer> result = new ArrayList<>();
        for (Path each : tree(group)) {
            try {
                Files.readAllLines(each.resolve("cgroup.procs")).forEach(line -> result.add(Integer.valueOf(line)));
            } catch (NoSuchFileException _) {
                // removed by the container meanwhile: nothing lives in it
            }
        }
        return result;
    }

    /// The directory and all below it, the deepest first.
    private static List<Path> tree(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isDirectory)
                    .sorted(Comparator.comparingInt(Path::getNameCount).reversed())
                    .toList();
        }
    }

    @Override
    public void freeze() throws IOException {
        if (!freezeFor(PATIENCE)) {
            thaw();
            throw new IOException("freezing " + name + ": still not frozen after " + PATIENCE.toSeconds() + " s");
        }
    }

    /// Whether all tasks are frozen; some are, if not. A task that waits in the kernel cannot be frozen.
    private boolean freezeFor(Duration patience) throws IOException {
        Path state = freezerState();
        ControlFile.write(state, "FROZEN");
        long deadline = System.nanoTime() + patience.toNanos();
        while (!ControlFile.read(state).equals("FROZEN")) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            // writing again helps where a task was caught between fork and the freezer's list, as runc does
            ControlFile.write(state, "FROZEN");
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return true;
    }

    @Override
    public void thaw() throws IOException {
        ControlFile.write(freezerState(), "THAWED");
    }

    private Path freezerState() throws IOException {
        Path freezer = directory("freezer");
        if (freezer == null) {
            throw new IOException("the freezer cgroup controller is not mounted");
        }
        return freezer.resolve("freezer.state");
    }

    @Override
    public boolean isFrozen() throws IOException {
        Path freezer = directory("freezer");
        try {
            return freezer != null
                    && !ControlFile.read(freezer.resolve("freezer.state")).equals("THAWED");
        } catch (NoSuchFileException _) {
            return false; // removed
        }
    }

    @Override
    public void kill(IntConsumer kill) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean freezer = directory("freezer") != null;
        List<Integer> left = processes();
        while (!left.isEmpty()) {
            checkPatience(deadline, left);
            if (freezer) {
                freezeFor(FREEZING); // nothing forks while it is being killed
            }
            try {
                processes().forEach(kill::accept);
            } finally {
                if (freezer) {
                    thaw(); // a frozen task dies only when it is thawed
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            left = processes();
        }
    }

    @Override
    public List<Integer> supervisors() throws IOException {
        return processes(supervisor());
    }

    @Override
    public void killSupervisors(IntConsumer kill) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<Integer> left = supervisors();
        while (!left.isEmpty()) {
            checkPatience(deadline, left);
            left.forEach(kill::accept);
            LockSupport.parkNanos(PAUSE_NANOS);
            left = supervisors();
        }
    }

    private void checkPatience(long deadline, List<Integer> left) throws IOException {
        if (System.nanoTime() > deadline) {
            throw new IOException("killing " + name + ": processes " + left + " are still there");
        }
    }

    @Override
    public long outOfMemoryKills() {
        Path memory = directory("memory");
        if (memory == null) {
            return 0;
        }
        try {
            for (String line : Files.readAllLines(memory.resolve("memory.oom_control"))) {
                if (line.startsWith("oom_kill ")) {
                    return Long.parseLong(line.substring("oom_kill ".length()));
                }
            }
        } catch (IOException _) {
            // the group is gone, or a kernel before 4.13 does not count
        }
        return 0;
    }

    @Override
    public void remove() throws IOException {
        for (Path each : directories()) {
            removeTree(each);
        }
        removeTree(supervisor());
    }

    private static void removeTree(Path directory) throws IOException {
        try {
            Files.deleteIfExists(directory);
        } catch (IOException _) {
            // it has children, or its last process is not quite gone
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!tryRemove(directory, System.nanoTime() > deadline)) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private static boolean tryRemove(Path directory, boolean lastTime) throws IOException {
        try {
            for (Path each : tree(directory)) {
                Files.deleteIfExists(each);
            }
            return true;
        } catch (IOException e) {
            if (lastTime) {
                throw e;
            }
            return false;
        }
    }
}
