package dev.gantry.runtime.state;

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
import dev.gantry.runtime.launch.LaunchCalls;
import dev.gantry.runtime.launch.ProcessPlan;
import dev.gantry.runtime.shim.ProcessIdentity;
import dev.gantry.runtime.shim.Recorder;
import dev.gantry.runtime.shim.ShimRecord;
import dev.gantry.runtime.shim.StatusFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is kept of one container in the state root, for a daemon that comes after this one.
///
/// ```text
///  <state root>/<id>/cgroup         where its cgroups are: CgroupPlace
///                    container      Started: written before its main process is executed
///                    status         how its main process ended
///                    create-state   what hooks in the container's namespaces read when it is created
///                    start-state    the same when it is started
///                    main           Unwatched: a container that is left to the caller
///                    gate           a pipe that the command of a container waits at that is left to the caller
///                    start-report   another, in which it says what fails after that
///                    exec-<n>.exec  ExecRecords.Executed: the same for a process that was executed in it
///                    exec-<n>       how that ended, until its output is drained
/// ```
///
/// Nothing of it need survive the host: processes do not, either.
public final class ContainerState {
    private static final String RECORD = "container";
    private static final String MAIN = "main";
    private static final String GATE = "gate";
    private static final String START_REPORT = "start-report";
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path directory;
    private final ExecRecords execs;

    public ContainerState(Path directory) {
        this.directory = directory;
        this.execs = new ExecRecords(directory);
    }

    /// A container whose main process has been executed, or is about to be: its shim knows.
    ///
    /// @param ownPidNamespace whether the kernel kills all processes with the main one
    /// @param process as the specification has it
    /// @param filter the compiled seccomp filter, which what is executed in the container has too
    /// @param namespaces what it has that not all containers have
    /// @param hooks of which `poststop` is still to be run; null for none
    public record Started(
            ShimRecord shim,
            boolean ownPidNamespace,
            Process process,
            ProcessPlan.@Nullable Filter filter,
            ExecNamespaces namespaces,
            @Nullable Hooks hooks,
            Map<String, String> annotations) {
        public Started {
            // a file that is JSON need not be a record
            if (shim == null || process == null || namespaces == null) {
                throw new IllegalArgumentException("want shim, process and namespaces");
            }
            annotations = annotations == null ? Map.of() : Map.copyOf(annotations);
        }

        private Started watching(int pid) {
            return new Started(shim.watching(pid), ownPidNamespace, process, filter, namespaces, hooks, annotations);
        }
    }

    /// What is known of a [Started] before its shim is.
    public record Kept(
            boolean ownPidNamespace,
            Process process,
            ProcessPlan.@Nullable Filter filter,
            ExecNamespaces namespaces,
            @Nullable Hooks hooks,
            Map<String, String> annotations) {
        public Started with(ShimRecord shim) {
            return new Started(shim, ownPidNamespace, process, filter, namespaces, hooks, annotations);
        }
    }

    /// A container that is left to the caller.
    ///
    /// @param main its main process
    /// @param start the calls that are still to be made when it is started
    public record Unwatched(ProcessIdentity main, Kept kept, LaunchCalls start) {}

    /// The records of what is executed in the container.
    public ExecRecords execs() {
        return execs;
    }

    /// Makes the directory, which must not exist, before anything else of the container does; with the state root, if
    /// somebody has removed that.
    ///
    /// @param cgroup as [CgroupPlace#recorded]
    public void create(String cgroup) throws IOException {
        try {
            Files.createDirectory(directory, PRIVATE);
        } catch (NoSuchFileException _) {
            StateRoot.make(directory.resolveSibling(""));
            Files.createDirectory(directory, PRIVATE);
        }
        try {
            Files.writeString(directory.resolve("cgroup"), cgroup);
        } catch (IOException e) {
            remove();
            throw e;
        }
    }

    /// What [#create] wrote; empty if it did not come to that.
    public Optional<String> cgroup() throws IOException {
        try {
            String place = Files.readString(directory.resolve("cgroup"));
            return place.isEmpty() ? Optional.empty() : Optional.of(place);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    public Path directory() {
        return directory;
    }

    /// What `createContainer` hooks read.
    public Path createState() {
        return directory.resolve("create-state");
    }

    /// What `startContainer` hooks read.
    public Path startState() {
        return directory.resolve("start-state");
    }

    public StatusFile status() {
        return new StatusFile(directory.resolve("status"), List.of());
    }

    /// Makes the gate, and opens its both sides.
    public OwnedFd createGate() throws IOException {
        return createPipe(GATE);
    }

    /// Makes the pipe for what fails behind the gate, and opens its both sides.
    public OwnedFd createStartReport() throws IOException {
        return createPipe(START_REPORT);
    }

    private OwnedFd createPipe(String name) throws IOException {
        try (SafeDirectory state = SafeDirectory.open(directory)) {
            state.createNode(name, FileType.FIFO, 0600, new FileStatus.Device(0, 0));
        }
        return HostFiles.open(directory.resolve(name), OpenMode.READ_WRITE);
    }

    public Path gate() {
        return directory.resolve(GATE);
    }

    public Path startReport() {
        return directory.resolve(START_REPORT);
    }

    /// Nobody waits at the gate any more.
    public void removeGate() throws IOException {
        Files.deleteIfExists(gate());
    }

    /// The command has been executed, or nothing will be reported any more.
    public void removeStartReport() throws IOException {
        Files.deleteIfExists(startReport());
    }

    public void write(Unwatched container) throws IOException {
        RecordFile.write(directory.resolve(MAIN), Json.write(container));
    }

    public Optional<Unwatched> unwatched() throws IOException {
        try {
            return Optional.of(Json.read(Files.readAllBytes(directory.resolve(MAIN)), Unwatched.class));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /// With the record the container exists.
    public Recorder.Unfinished prepare(Started started) throws IOException {
        return RecordFile.prepare(directory.resolve(RECORD), Json.write(started));
    }

    /// The container, if it was made to the end, and in this boot.
    ///
    /// @throws MalformedException if that was recorded, and the record is damaged
    public Optional<Started> started() throws IOException {
        Path file = directory.resolve(RECORD);
        try {
            Started started = RecordFile.read(file, Started.class, Started::watching);
            return started.shim().identity().fromThisBoot() ? Optional.of(started) : Optional.empty();
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (MalformedException e) {
            throw new MalformedException(file + ": " + e.getMessage(), e);
        }
    }

    /// What is there, read without changing anything; what vanishes meanwhile is left out.
    public RecordedContainer recorded() throws IOException {
        List<RecordedContainer.Exec> found = new ArrayList<>();
        List<Path> unfinished = new ArrayList<>();
        List<Path> broken = new ArrayList<>();
        for (Path each : Files.isDirectory(directory) ? files() : List.<Path>of()) {
            try {
                if (RecordFile.isUnfinished(each)) {
                    unfinished.add(each);
                } else if (ExecRecords.isRecord(each)) {
                    ExecRecords.Executed executed = ExecRecords.read(each);
                    found.add(new RecordedContainer.Exec(executed.id(), each, executed.shim()));
                }
            } catch (MalformedException _) {
                broken.add(each);
            } catch (NoSuchFileException _) {
                // it has ended meanwhile
            }
        }
        ShimRecord main = null;
        try {
            main = started().map(Started::shim).orElse(null);
        } catch (MalformedException _) {
            // as good as none
        }
        return new RecordedContainer(directory, directory.resolve(RECORD), main, found, unfinished, broken);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.toList();
        }
    }

    /// Removes the directory with its files, the record first: nobody takes back what is being removed.
    /// Idempotent.
    public void remove() throws IOException {
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
