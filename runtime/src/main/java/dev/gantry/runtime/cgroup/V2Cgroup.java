package dev.gantry.runtime.cgroup;

import dev.gantry.kernel.DeviceFilter;
import dev.gantry.oci.runtime.Resources;
import dev.gantry.runtime.usage.Pressure;
import dev.gantry.runtime.usage.Usage;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The cgroup of a container on a host with cgroup v2 alone.
///
/// ```text
///  <base>/<parent>/<name>              the container; it may make groups below
///                  supervisors/<name>  its supervisors
/// ```
///
/// A group that gives controllers to its children has no process of its own: the base is the root, or what
/// systemd has delegated, and nothing else lives in the others above.
public final class V2Cgroup implements Cgroup {
    private static final String TYPE = "cgroup.type";

    private final CgroupHost host;
    private final Path parent;
    private final String name;

    private V2Cgroup(CgroupHost host, Path parent, String name) {
        this.host = host;
        this.parent = parent;
        this.name = name;
    }

    static V2Cgroup of(CgroupHost host, String parent, String name) {
        CgroupTree.checkName(parent, name);
        Path base = host.unified();
        if (base == null) {
            throw new IllegalArgumentException("got a host without cgroup v2");
        }
        return new V2Cgroup(host, base.resolve(CgroupTree.relative(parent)), name);
    }

    private Path directory() {
        return parent.resolve(name);
    }

    private Path supervisor() {
        return parent.resolve(CgroupTree.SUPERVISORS).resolve(name);
    }

    @Override
    public void create(@Nullable Resources resources, Consumer<String> warnings) throws IOException {
        try {
            List<Setting> settings = V2Limits.of(resources, warnings);
            make(directory());
            make(supervisor());
            delegateControllers();
            requireDomain();
            byte[] filter = deviceFilter(resources);
            if (filter.length > 0) {
                DeviceFilter.attach(directory(), filter);
            }
            writer(warnings).write(settings);
        } catch (IOException e) {
            try {
                remove();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    @Override
    public byte[] deviceFilter(@Nullable Resources resources) throws IOException {
        DeviceRules rules = DeviceRules.of(resources == null ? List.of() : resources.devices());
        boolean unlimited = rules.allowed() && rules.rules().isEmpty();
        return unlimited ? new byte[0] : DeviceProgram.compile(rules);
    }

    @Override
    public String path() {
        Path mount = host.unifiedMount();
        return "/" + (mount == null ? directory() : mount.relativize(directory()));
    }

    @Override
    public List<Path> ownDirectories() {
        return List.of(directory(), supervisor());
    }

    @Override
    public List<Limit> limits(@Nullable Resources resources) throws IOException {
        List<Limit> limits = new ArrayList<>();
        for (Setting each : V2Limits.of(resources, _ -> {})) {
            Setting.Choice first = each.choices().getFirst();
            limits.add(new Limit(directory().resolve(first.file()), first.value(), each.item()));
        }
        return limits;
    }

    @Override
    public void update(Resources resources, Consumer<String> warnings) throws IOException {
        Resources.Memory memory = resources.memory();
        if (memory != null && Boolean.TRUE.equals(memory.checkBeforeUpdate()) && memory.limit() != null) {
            long used = Long.parseLong(ControlFile.read(directory().resolve("memory.current")));
            if (memory.limit() > 0 && memory.limit() < used) {
                // the kernel would take the limit, and kill
                throw SettingList.refused("memory.limit", "got %d, but %d are in use".formatted(memory.limit(), used));
            }
        }
        writer(warnings).update(V2Limits.of(resources, quotaAndPeriod(resources), warnings));
    }

    /// Unlike others, the root of all has no type, and may have both processes and groups with controllers.
    private static boolean hasOwnProcesses(Path group) throws IOException {
        return Files.exists(group.resolve(TYPE))
                && !CgroupTree.processesOf(group).isEmpty();
    }

    /// Why a container's group lacks a controller.
    private String whereControllersEnd() {
        Path base = host.unified();
        try {
            for (Path each : base == null ? List.<Path>of() : above(base)) {
                if (hasOwnProcesses(each)) {
                    return "below the cgroup %s, which has processes of its own".formatted(each);
                }
            }
        } catch (IOException _) {
            // a group that goes meanwhile explains nothing
        }
        return "on this host";
    }

    /// A process cannot live in a group for threads, nor in one that should have become such.
    private void requireDomain() throws IOException {
        String type = ControlFile.read(directory().resolve(TYPE));
        if (!type.equals("domain")) {
            throw new IOException(
                    "cgroup %s can have no containers: it is in a threaded tree (cgroup.type)".formatted(parent));
        }
    }

    private String quotaAndPeriod(Resources resources) throws IOException {
        Path file = directory().resolve("cpu.max");
        // without the controller there is none, and the limit is refused
        return V2Limits.keepsQuotaOrPeriod(resources) && Files.exists(file)
                ? ControlFile.read(file)
                : V2Limits.NO_QUOTA;
    }

    private static void make(Path directory) throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                makeOnly(directory);
                return;
            } catch (NoSuchFileException e) {
                // the parent may also go again: the last other container below it ends just now
                if (tries == CgroupTree.TRIES) {
                    throw e;
                }
            }
        }
    }

    /// One that is left behind by a crash is removed first: it may have a device filter.
    private static void makeOnly(Path directory) throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException _) {
            CgroupTree.remove(directory);
            Files.createDirectory(directory);
        } catch (NoSuchFileException _) {
            Files.createDirectories(directory);
        }
    }

    private SettingWriter writer(Consumer<String> warnings) {
        return new SettingWriter(this::directory, this::whereControllersEnd, warnings);
    }

    /// The directory, if the controller is there; null if the host has none, or if somebody above keeps it.
    private @Nullable Path directory(String controller) {
        try {
            boolean there =
                    controller.equals("cgroup") || controllers(directory()).contains(controller);
            return there ? directory() : null;
        } catch (IOException _) {
            return null; // removed
        }
    }

    private static Set<String> controllers(Path directory) throws IOException {
        return words(directory.resolve("cgroup.controllers"));
    }

    private static Set<String> words(Path file) throws IOException {
        return new HashSet<>(List.of(ControlFile.read(file).split(" ", -1)));
    }

    /// Hands every controller of the base down to the children of the parent.
    private void delegateControllers() throws IOException {
        Path base = host.unified();
        if (base == null || controllers(directory()).containsAll(controllers(base))) {
            return;
        }
        for (Path each : above(base)) {
            delegate(each);
        }
    }

    /// From the base to the parent.
    private List<Path> above(Path base) {
        List<Path> groups = new ArrayList<>(List.of(base));
        for (Path each : base.relativize(parent)) {
            if (!each.toString().isEmpty()) {
                groups.add(groups.getLast().resolve(each));
            }
        }
        return groups;
    }

    /// One by one: a controller that is refused is missed only by who asks for a limit of it.
    ///
    /// A group with processes can give away some, but becomes the root of a threaded tree by that, in which no
    /// container can live: it keeps them all.
    private static void delegate(Path group) throws IOException {
        if (hasOwnProcesses(group)) {
            return;
        }
        Path file = group.resolve("cgroup.subtree_control");
        Set<String> missing = controllers(group);
        missing.removeAll(words(file));
        for (String each : missing) {
            try {
                ControlFile.write(file, "+" + each);
            } catch (IOException e) {
                System.getLogger(V2Cgroup.class.getName())
                        .log(System.Logger.Level.DEBUG, "no {0} below {1}: {2}", each, group, e.getMessage());
            }
        }
    }

    @Override
    public List<Path> joinFiles() {
        return List.of();
    }

    /// The whole tree, as in other runtimes.
    @Override
    public List<Path> shown() {
        Path mountPoint = host.unifiedMount();
        return mountPoint == null ? List.of() : List.of(mountPoint);
    }

    @Override
    public Path unified() {
        return directory();
    }

    @Override
    public Path unifiedOf(int process) throws IOException {
        if (ControlFile.read(directory().resolve("cgroup.subtree_control")).isEmpty()) {
            return directory();
        }
        Path mount = host.unifiedMount();
        // the kernel's words, in which the names that the container has given are one line each
        String own = ControlFile.read(Path.of("/proc/" + process + "/cgroup"));
        if (mount == null || !own.startsWith(CgroupHost.UNIFIED_PREFIX) || own.contains("\n")) {
            return directory();
        }
        Path group = mount.resolve(CgroupTree.relative(own.substring(CgroupHost.UNIFIED_PREFIX.length())))
                .normalize();
        return group.startsWith(directory()) ? group : directory();
    }

    @Override
    public Path supervisorFile() {
        return supervisor().resolve("cgroup.procs");
    }

    @Override
    public List<Integer> processes() throws IOException {
        return CgroupTree.processes(directory());
    }

    @Override
    public Map<String, Pressure> pressure() throws IOException {
        return Figures.pressure(directory());
    }

    @Override
    public Usage usage() throws IOException {
        return V2Usage.read(directory());
    }

    @Override
    public void freeze() throws IOException {
        ControlFile.write(directory().resolve("cgroup.freeze"), "1");
        long deadline = System.nanoTime() + CgroupTree.PATIENCE.toNanos();
        while (event(directory(), "cgroup.events", "frozen") == 0) {
            if (System.nanoTime() > deadline) {
                thaw();
                throw new IOException(
                        "freezing " + name + ": still not frozen after " + CgroupTree.PATIENCE.toSeconds() + " s");
            }
            CgroupTree.pause();
        }
    }

    @Override
    public boolean isFrozen() throws IOException {
        try {
            return ControlFile.read(directory().resolve("cgroup.freeze")).equals("1");
        } catch (NoSuchFileException _) {
            return false; // removed
        }
    }

    @Override
    public void thaw() throws IOException {
        ControlFile.write(directory().resolve("cgroup.freeze"), "0");
    }

    @Override
    public void thawToDie() throws IOException {
        if (isFrozen()) {
            thaw();
        }
    }

    @Override
    public void kill(IntConsumer kill) throws IOException {
        kill(directory());
    }

    @Override
    public List<Integer> supervisors() throws IOException {
        return CgroupTree.processes(supervisor());
    }

    @Override
    public void killSupervisors(IntConsumer kill) throws IOException {
        kill(supervisor());
    }

    /// The kernel kills all at once, also what is frozen and what is being forked.
    private void kill(Path group) throws IOException {
        long deadline = System.nanoTime() + CgroupTree.PATIENCE.toNanos();
        try {
            while (event(group, "cgroup.events", "populated") > 0) {
                if (System.nanoTime() > deadline) {
                    throw new IOException(
                            "killing %s: processes %s are still there".formatted(name, CgroupTree.processes(group)));
                }
                ControlFile.write(group.resolve("cgroup.kill"), "1");
                CgroupTree.pause();
            }
        } catch (NoSuchFileException _) {
            // removed: nothing lives in it
        }
    }

    @Override
    public long outOfMemoryKills() {
        try {
            return event(directory(), "memory.events", "oom_kill");
        } catch (IOException _) {
            return 0; // the group is gone, or has no memory controller
        }
    }

    /// A number of a file of events, which counts for the groups below as well.
    private static long event(Path group, String file, String key) throws IOException {
        for (String line : Files.readAllLines(group.resolve(file))) {
            if (line.startsWith(key + " ")) {
                return Long.parseLong(line.substring(key.length() + 1));
            }
        }
        return 0;
    }

    @Override
    public void remove() throws IOException {
        CgroupTree.remove(directory());
        CgroupTree.remove(supervisor());
    }
}
