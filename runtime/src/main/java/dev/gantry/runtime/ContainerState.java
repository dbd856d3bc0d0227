package dev.gantry.runtime;

import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.FileType;
import dev.gantry.kernel.HostFiles;
import dev.gantry.kernel.OpenMode;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.runtime.Hooks;
import dev.gantry.oci.runtime.Process;
import dev.gantry.runtime.check.RecordedContainer;
import dev.gantry.runtime.launch.ExecNamespaces;
import dev.gantry.runtime.launch.ProcessPlan;
import dev.gantry.runtime.shim.ProcessIdentity;
import dev.gantry.runtime.shim.Recorder;
import dev.gantry.runtime.shim.ShimRecord;
import dev.gantry.runtime.shim.StatusFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is kept of one container in the state root, for a daemon that comes after this one.
///
/// ```text
///  <state root>/<id>/cgroup         where its cgroups are: CgroupPlace
///                    container      Started: written before its main process is executed
///                    status         how its main process ended
///                    hook-state     what hooks in the container's namespaces read
///                    main           Unwatched: a container that is left to the caller
///                    gate           a pipe that the command of a container waits at that is left to the caller
///                    exec-<n>.exec  Executed: the same for a process that was executed in it
///                    exec-<n>       how that ended, until its output is drained
/// ```
///
/// Records are written to a temporary name and renamed, so that each is whole or not there. They need not survive
/// the host: processes do not, either.
final class ContainerState {
    private static final System.Logger LOGGER = System.getLogger(ContainerState.class.getName());
    private static final String RECORD = "container";
    private static final String MAIN = "main";
    private static final String GATE = "gate";
    private static final String EXEC = "exec-";
    private static final String EXEC_RECORD = ".exec";
    private static final String UNFINISHED = ".new";

    private final Path directory;
    private final AtomicInteger executed = new AtomicInteger();

    ContainerState(Path directory) {
        this.directory = directory;
    }

    /// A container whose main process has been executed, or is about to be: its shim knows.
    ///
    /// @param ownPidNamespace whether the kernel kills all processes with the main one
    /// @param process as the specification has it
    /// @param filter the compiled seccomp filter, which what is executed in the container has too
    /// @param namespaces what it has that not all containers have
    /// @param hooks of which `poststop` is still to be run; null for none
    record Started(
            ShimRecord shim,
            boolean ownPidNamespace,
            Process process,
            ProcessPlan.@Nullable Filter filter,
            ExecNamespaces namespaces,
            @Nullable Hooks hooks,
            Map<String, String> annotations) {
        Started {
            annotations = annotations == null ? Map.of() : Map.copyOf(annotations);
        }
    }

    /// What is known of a [Started] before its shim is.
    record Kept(
            boolean ownPidNamespace,
            Process process,
            ProcessPlan.@Nullable Filter filter,
            ExecNamespaces namespaces,
            @Nullable Hooks hooks,
            Map<String, String> annotations) {
        Started with(ShimRecord shim) {
            return new Started(shim, ownPidNamespace, process, filter, namespaces, hooks, annotations);
        }
    }

    /// A process that has been executed in the container, or is about to be: its shim knows.
    ///
    /// @param id as in its [ExecLaunch]
    record Executed(String id, ShimRecord shim) {}

    /// Where an exec's record and status are.
    record ExecFiles(Path record, Path status) {
        /// Unique in the container.
        String name() {
            return status.getFileName().toString();
        }

        StatusFile statusFile() {
            return statusFile(List.of());
        }

        /// @param others what is removed as well when the exec is drained
        StatusFile statusFile(List<Path> others) {
            // a status without a record is nobody's, and the other way round it would be an exec that has no end
            List<Path> removed = new ArrayList<>(List.of(unfinished(record), record, status));
            removed.addAll(others);
            return new StatusFile(status, removed);
        }
    }

    /// An exec that an earlier daemon has recorded.
    record FoundExec(Executed executed, ExecFiles files) {}

    /// Makes the directory, which must not exist, before anything else of the container does.
    ///
    /// @param cgroup as [CgroupPlace#recorded]
    void create(String cgroup) throws IOException {
        Files.createDirectory(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(directory.resolve("cgroup"), cgroup);
    }

    /// What [#create] wrote; empty if it did not come to that.
    Optional<String> cgroup() throws IOException {
        try {
            String place = Files.readString(directory.resolve("cgroup"));
            return place.isEmpty() ? Optional.empty() : Optional.of(place);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    Path directory() {
        return directory;
    }

    /// What hooks in the container's namespaces read.
    Path hookState() {
        return directory.resolve("hook-state");
    }

    StatusFile status() {
        return new StatusFile(directory.resolve("status"), List.of());
    }

    /// Makes the gate, and opens its both sides.
    OwnedFd createGate() throws IOException {
        try (SafeDirectory state = SafeDirectory.open(directory)) {
            state.createNode(GATE, FileType.FIFO, 0600, new FileStatus.Device(0, 0));
        }
        return HostFiles.open(gate(), OpenMode.READ_WRITE);
    }

    Path gate() {
        return directory.resolve(GATE);
    }

    /// Nobody waits at the gate any more.
    void removeGate() throws IOException {
        Files.deleteIfExists(gate());
    }

    /// A container that is left to the caller.
    ///
    /// @param main its main process
    record Unwatched(ProcessIdentity main, Kept kept) {}

    void write(Unwatched container) throws IOException {
        prepare(directory.resolve(MAIN), Json.write(container)).complete();
    }

    Optional<Unwatched> unwatched() throws IOException {
        try {
            return Optional.of(Json.read(Files.readAllBytes(directory.resolve(MAIN)), Unwatched.class));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    ExecFiles nextExec() {
        return exec(EXEC + executed.incrementAndGet());
    }

    /// What [#nextExec] would give.
    ExecFiles followingExec() {
        return exec(EXEC + (executed.get() + 1));
    }

    private ExecFiles exec(String name) {
        return new ExecFiles(directory.resolve(name + EXEC_RECORD), directory.resolve(name));
    }

    /// With the record the container exists.
    Recorder.Unfinished prepare(Started started) throws IOException {
        return prepare(directory.resolve(RECORD), Json.write(started));
    }

    Recorder.Unfinished prepare(ExecFiles files, Executed exec) throws IOException {
        return prepare(files.record(), Json.write(exec));
    }

    private static Recorder.Unfinished prepare(Path file, byte[] content) throws IOException {
        Path unfinished = unfinished(file);
        Files.write(unfinished, content);
        return () -> Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path unfinished(Path record) {
        return record.resolveSibling(record.getFileName() + UNFINISHED);
    }

    /// The container, if it was made to the end, and in this boot.
    Optional<Started> started() throws IOException {
        Path file = directory.resolve(RECORD);
        try {
            Started started = Json.read(Files.readAllBytes(file), Started.class);
            return started.shim().identity().fromThisBoot() ? Optional.of(started) : Optional.empty();
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (MalformedException e) {
            LOGGER.log(System.Logger.Level.WARNING, "record " + file, e);
            return Optional.empty();
        }
    }

    /// What is there, read without changing anything; what vanishes meanwhile is left out.
    RecordedContainer recorded() throws IOException {
        List<RecordedContainer.Exec> execs = new ArrayList<>();
        List<Path> broken = new ArrayList<>();
        for (Path each : Files.isDirectory(directory) ? files() : List.<Path>of()) {
            String name = each.getFileName().toString();
            try {
                if (name.endsWith(UNFINISHED)) {
                    broken.add(each);
                } else if (name.endsWith(EXEC_RECORD)) {
                    Executed executed = Json.read(Files.readAllBytes(each), Executed.class);
                    execs.add(new RecordedContainer.Exec(executed.id(), each, executed.shim()));
                }
            } catch (MalformedException _) {
                broken.add(each);
            } catch (NoSuchFileException _) {
                // it has ended meanwhile
            }
        }
        ShimRecord main = started().map(Started::shim).orElse(null);
        return new RecordedContainer(directory, directory.resolve(RECORD), main, execs, broken);
    }

    /// Removes the record of an exec, with its status.
    void removeExec(Path record) throws IOException {
        Files.deleteIfExists(record);
        String name = record.getFileName().toString();
        if (name.startsWith(EXEC) && name.endsWith(EXEC_RECORD)) {
            Files.deleteIfExists(record.resolveSibling(name.substring(0, name.length() - EXEC_RECORD.length())));
        }
    }

    /// The execs that were made to the end. What is left of others is removed, but not their processes; later
    /// execs get other files.
    List<FoundExec> executed() throws IOException {
        List<FoundExec> found = new ArrayList<>();
        for (Path each : files()) {
            String name = each.getFileName().toString();
            if (name.startsWith(EXEC) && name.endsWith(EXEC_RECORD)) {
                String stem = name.substring(0, name.length() - EXEC_RECORD.length());
                found.add(new FoundExec(Json.read(Files.readAllBytes(each), Executed.class), exec(stem)));
                int number = Integer.parseInt(stem.substring(EXEC.length()));
                executed.accumulateAndGet(number, Math::max);
            }
        }
        List<Path> known = found.stream().map(exec -> exec.files().status()).toList();
        for (Path each : files()) {
            String name = each.getFileName().toString();
            if (name.startsWith(EXEC) && !name.endsWith(EXEC_RECORD) && !known.contains(each)) {
                Files.deleteIfExists(each);
            }
        }
        return found;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.toList();
        }
    }

    /// Removes the directory with its files, the record first: nobody takes back what is being removed.
    /// Idempotent.
    void remove() throws IOException {
        Files.deleteIfExists(directory.resolve(RECORD));
        List<Path> files;
        try {
            files = files();
        } catch (NoSuchFileException _) {
            return;
        }
        for (Path each : files) {
            Files.deleteIfExists(each);
        }
        Files.deleteIfExists(directory);
    }
}
