package dev.gantry.runtime.cgroup;

import dev.gantry.oci.runtime.Resources;
import dev.gantry.runtime.usage.Pressure;
import dev.gantry.runtime.usage.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The control groups of one container.
public sealed interface Cgroup permits V1Cgroup, V2Cgroup {
    /// The cgroups of a container, whether they exist or not.
    static Cgroup of(CgroupHost host, CgroupPlace place) {
        return host.hierarchies().isEmpty()
                ? V2Cgroup.of(host, place.parent(), place.name())
                : V1Cgroup.of(host, place.parent(), place.name());
    }

    /// The processes in a group and in those below it.
    static List<Integer> processesIn(Path directory) throws IOException {
        return CgroupTree.processes(directory);
    }

    /// What a specification calls it, `linux.cgroupsPath`.
    String path();

    /// Makes the directories and writes the limits; removes them again if one is refused.
    ///
    /// @param warnings told what this host cannot limit
    /// @throws IOException names what of the specification this host does not have, or what the kernel refuses
    void create(@Nullable Resources resources, Consumer<String> warnings) throws IOException;

    /// The directories that [#create] makes.
    List<Path> ownDirectories();

    /// A value that [#create] writes.
    ///
    /// @param item what of the specification asks for it
    record Limit(Path file, String value, String item) {}

    /// What [#create] writes, on a kernel that has every file.
    List<Limit> limits(@Nullable Resources resources) throws IOException;

    /// The program that [#create] attaches to [#unified] to limit devices; empty if there is none.
    byte[] deviceFilter(@Nullable Resources resources) throws IOException;

    /// Changes the limits that are set in `resources`, all or none of them; devices stay as they are.
    ///
    /// @param warnings told what this host cannot limit
    void update(Resources resources, Consumer<String> warnings) throws IOException;

    /// The files into which a task writes `0` to join, in the order of [CgroupHost#hierarchies]; none in
    /// version 2 alone, where it is born in [#unified].
    List<Path> joinFiles();

    /// What is bound below `/sys/fs/cgroup` of a container that has no cgroup namespace of its own: a directory
    /// for each hierarchy of version 1, in their order, or one of version 2.
    List<Path> shown();

    /// The directory in the cgroup v2 hierarchy, if there is one.
    @Nullable
    Path unified();

    /// The directory there that another process of the container can be born in: where a process of it lives,
    /// as a group that the container has divided takes none.
    ///
    /// @param process one of the container's, as the host numbers it
    @Nullable
    Path unifiedOf(int process) throws IOException;

    /// The file into which the container's supervisor writes `0` to be found by the container's name.
    Path supervisorFile();

    /// The processes, also of groups that the container made below its own.
    List<Integer> processes() throws IOException;

    /// How long the processes had to wait for `cpu`, `memory` and `io`; empty where the kernel does not say.
    Map<String, Pressure> pressure() throws IOException;

    /// What the processes have used.
    Usage usage() throws IOException;

    /// Stops all processes; returns when they have stopped.
    void freeze() throws IOException;

    /// Whether the processes are stopped, or about to be.
    boolean isFrozen() throws IOException;

    /// Lets all processes go on.
    void thaw() throws IOException;

    /// Lets processes die that have been killed: a frozen task of version 1 does once it is thawed, also where the
    /// container has frozen it in a group that it made below its own. Does nothing if nothing is frozen.
    void thawToDie() throws IOException;

    /// Kills all processes, also those that are frozen, and those that fork while they are being killed.
    ///
    /// @param kill sends SIGKILL to a process; one that is gone is no error
    void kill(IntConsumer kill) throws IOException;

    /// The supervisors of the container and of what was executed in it.
    List<Integer> supervisors() throws IOException;

    /// Kills the supervisors of the container and of what was executed in it. Without them nobody learns any more
    /// how its processes ended.
    ///
    /// @param kill sends SIGKILL to a process; one that is gone is no error
    void killSupervisors(IntConsumer kill) throws IOException;

    /// How many processes the kernel killed because of the memory limit.
    long outOfMemoryKills();

    /// Removes the directories; they must be empty of processes. Idempotent.
    void remove() throws IOException;
}
