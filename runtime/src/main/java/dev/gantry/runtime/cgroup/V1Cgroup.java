package dev.gantry.runtime.cgroup;

import dev.gantry.oci.runtime.Resources;
import dev.gantry.runtime.cgroup.CgroupHost.Hierarchy;
import dev.gantry.runtime.usage.Pressure;
import dev.gantry.runtime.usage.Usage;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The cgroups of a container on a host with cgroup v1, hybrid or not: one directory in each hierarchy.
public final class V1Cgroup implements Cgroup {
    /// How long a group that is being killed is waited for to freeze.
    private static final Duration FREEZING = Duration.ofMillis(200);

    private static final String FREEZER_STATE = "freezer.state";
    private static final String THAWED = "THAWED";

    private final CgroupHost host;
    private final String parent;
    private final String name;

    private V1Cgroup(CgroupHost host, String parent, String name) {
        this.host = host;
        this.parent = CgroupTree.relative(parent);
        this.name = name;
    }

    static V1Cgroup of(CgroupHost host, String parent, String name) {
        CgroupTree.checkName(parent, name);
        return new V1Cgroup(host, parent, name);
    }

    @Override
    public void create(@Nullable Resources resources, Consumer<String> warnings) throws IOException {
        try {
            List<Setting> settings = V1Limits.of(resources);
            for (Path each : ownDirectories()) {
                make(each);
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
    public String path() {
        return "/" + Path.of(parent, name);
    }

    @Override
    public List<Path> ownDirectories() {
        List<Path> all = directories();
        all.add(supervisor());
        return all;
    }

    @Override
    public List<Limit> limits(@Nullable Resources resources) throws IOException {
        List<Limit> limits = new ArrayList<>();
        for (Setting each : V1Limits.of(resources)) {
            Path directory = directory(each.controller());
            if (directory != null) {
                Setting.Choice first = each.choices().getFirst();
                limits.add(new Limit(directory.resolve(first.file()), first.value(), each.item()));
            }
        }
        return limits;
    }

    /// None: this version has a controller for devices.
    @Override
    public byte[] deviceFilter(@Nullable Resources resources) {
        return new byte[0];
    }

    @Override
    public void update(Resources resources, Consumer<String> warnings) throws IOException {
        // checkBeforeUpdate needs nothing: the kernel refuses a memory limit that is below what cannot be given back
        writer(warnings).update(V1Limits.ofUpdate(resources));
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

    private SettingWriter writer(Consumer<String> warnings) {
        return new SettingWriter(this::directory, () -> "on this host", warnings);
    }

    /// The directory in the hierarchy of a controller; null if the host has none.
    private @Nullable Path directory(String controller) {
        Hierarchy hierarchy = host.find(controller);
        return hierarchy == null ? null : directory(hierarchy);
    }

    private void make(Path directory) throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                makeOnly(directory);
                if (isCpuset(directory)) {
                    Cpusets.inherit(directory);
                }
                return;
            } catch (NoSuchFileException e) {
                // the parent may also go again: the last other container below it ends just now
                if (tries == CgroupTree.TRIES) {
                    throw e;
                }
                makeParents(directory.resolve("..").normalize());
            }
        }
    }

    private boolean isCpuset(Path directory) {
        Hierarchy cpuset = host.find("cpuset");
        return cpuset != null && directory.startsWith(cpuset.mountPoint());
    }

    private static void makeOnly(Path directory) throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException _) {
            // left behind by a crash of the host's or ours: used again, as it would have been made
            List<Integer> processes = CgroupTree.processes(directory);
            if (!processes.isEmpty()) {
                throw new IOException("cgroup " + directory + " is not empty: processes " + processes);
            }
        }
    }

    /// Parents are made once.
    private void makeParents(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        makeParents(directory.resolve("..").normalize());
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException _) {
            return; // another container's start was faster
        }
        if (isCpuset(directory)) {
            Cpusets.inherit(directory);
            Cpusets.handDown(directory);
        }
    }

    @Override
    public List<Path> joinFiles() {
        return shown().stream().map(each -> each.resolve("tasks")).toList();
    }

    /// The container's directory in each hierarchy.
    @Override
    public List<Path> shown() {
        return host.hierarchies().stream().map(this::directory).toList();
    }

    @Override
    public @Nullable Path unified() {
        Path mountPoint = host.unified();
        return mountPoint == null ? null : mountPoint.resolve(parent).resolve(name);
    }

    /// Without controllers every group takes processes.
    @Override
    public @Nullable Path unifiedOf(int process) {
        return unified();
    }

    private Path supervisor() {
        Hierarchy named = host.find("name=systemd");
        Hierarchy hierarchy = named == null ? host.hierarchies().getFirst() : named;
        return hierarchy
                .mountPoint()
                .resolve(parent)
                .resolve(CgroupTree.SUPERVISORS)
                .resolve(name);
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
        return CgroupTree.processes(tracking());
    }

    /// Of the group in version 2, which a hybrid host has beside: this version counts it for the whole host only.
    @Override
    public Map<String, Pressure> pressure() throws IOException {
        return Figures.pressure(unified());
    }

    @Override
    public Usage usage() throws IOException {
        return V1Usage.read(this::directory, unified());
    }

    @Override
    public void freeze() throws IOException {
        if (!freezeFor(CgroupTree.PATIENCE)) {
            thaw();
            throw new IOException(
                    "freezing " + name + ": still not frozen after " + CgroupTree.PATIENCE.toSeconds() + " s");
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
            CgroupTree.pause();
        }
        return true;
    }

    @Override
    public void thaw() throws IOException {
        ControlFile.write(freezerState(), THAWED);
    }

    @Override
    public void thawToDie() throws IOException {
        Path freezer = directory("freezer");
        if (freezer == null) {
            return;
        }
        for (Path each : CgroupTree.all(freezer)) {
            Path state = each.resolve(FREEZER_STATE);
            try {
                ControlFile.write(state, THAWED);
            } catch (IOException e) {
                if (Files.exists(state)) {
                    throw e;
                }
            }
        }
    }

    private Path freezerState() throws IOException {
        Path freezer = directory("freezer");
        if (freezer == null) {
            throw new IOException("the freezer cgroup controller is not mounted");
        }
        return freezer.resolve(FREEZER_STATE);
    }

    @Override
    public boolean isFrozen() throws IOException {
        Path freezer = directory("freezer");
        try {
            return freezer != null
                    && !ControlFile.read(freezer.resolve(FREEZER_STATE)).equals(THAWED);
        } catch (NoSuchFileException _) {
            return false; // removed
        }
    }

    @Override
    public void kill(IntConsumer kill) throws IOException {
        long deadline = System.nanoTime() + CgroupTree.PATIENCE.toNanos();
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
                thawToDie();
            }
            CgroupTree.pause();
            left = processes();
        }
    }

    @Override
    public List<Integer> supervisors() throws IOException {
        return CgroupTree.processes(supervisor());
    }

    @Override
    public void killSupervisors(IntConsumer kill) throws IOException {
        long deadline = System.nanoTime() + CgroupTree.PATIENCE.toNanos();
        List<Integer> left = supervisors();
        while (!left.isEmpty()) {
            checkPatience(deadline, left);
            left.forEach(kill::accept);
            CgroupTree.pause();
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
            CgroupTree.remove(each);
        }
        CgroupTree.remove(supervisor());
    }
}
