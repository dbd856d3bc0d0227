package dev.gantry.runtime.external;

import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Resources;
import dev.gantry.oci.runtime.Root;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.launch.compile.InitProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The bundle of a container of another runtime, with what that says of it.
///
/// ```text
///  <state>/oci/program            RuntimeProgram: whose container it is
///              config.json        the runtime specification
///              init               the init, if the container has one
///              rootfs             where the runtime, and nobody else, sees the root mounted
///              main.pid           the main process, once it runs
///              main.log           messages of the runtime
///              <exec>.json        the process of an exec
///              <exec>.pid, .log   the same for it
/// ```
public final class Bundle {
    /// crun 1.8 refuses 1.1 and later.
    private static final String VERSION = "1.0.2";

    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE = mode("rw-------");
    /// Root of a user namespace, who is another user to the host, passes through to the root file system.
    private static final FileAttribute<Set<PosixFilePermission>> PASSABLE = mode("rwx--x--x");

    /// Whoever the container's root is executes it.
    private static final FileAttribute<Set<PosixFilePermission>> EXECUTABLE = mode("rwxr-xr-x");

    private static final String MAIN = "main";
    /// runc writes a number to `.<exec>.pid` first, and refuses to if that is there.
    private static final Pattern EXEC_FILE = Pattern.compile("\\.?(exec-[0-9]+)\\..*");
    /// Where Docker has its own.
    private static final String INIT = "/sbin/docker-init";

    private final Path directory;

    /// @param state the state directory of the container
    public Bundle(Path state) {
        this.directory = state.resolve("oci");
    }

    private static FileAttribute<Set<PosixFilePermission>> mode(String text) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
    }

    /// What a runtime says of one process.
    ///
    /// @param pid where it writes the number of the process
    /// @param log where it writes what is wrong, a JSON document for each message
    public record Answers(Path pid, Path log) {
        /// The number of the process, once it is there.
        public OptionalInt process() throws IOException {
            try {
                String text = Files.readString(pid).strip();
                return text.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
            } catch (NoSuchFileException _) {
                return OptionalInt.empty();
            } catch (NumberFormatException e) {
                throw new IOException(pid + " is no number", e);
            }
        }

        /// The last error of the runtime, in its own words; empty if there is none.
        public Optional<String> error() throws IOException {
            return RuntimeLog.error(log);
        }
    }

    /// Makes the bundle, in a state directory that is there.
    ///
    /// @param init whether the container's process is an init, and its command that one's child
    public void create(RuntimeProgram program, Spec spec, boolean init) throws IOException {
        Path state = directory.getParent();
        if (state != null) {
            Files.setPosixFilePermissions(state, PASSABLE.value());
        }
        Files.createDirectory(directory, PASSABLE);
        write("program", program);
        Files.createDirectory(root(), PASSABLE);
        boolean readOnly = spec.root() != null && spec.root().readonly();
        Process process = spec.process();
        Spec whole = init && process != null ? initiated(spec, process) : spec;
        write("config.json", whole.withVersion(VERSION).withRoot(new Root("rootfs", readOnly)));
    }

    /// The init is bound over a file in the container, as Docker does it.
    private Spec initiated(Spec spec, Process process) throws IOException {
        Path file = directory.resolve("init");
        Files.createFile(file, EXECUTABLE);
        Files.setPosixFilePermissions(file, EXECUTABLE.value()); // whatever the umask is
        Files.write(file, InitProgram.executable(process), StandardOpenOption.TRUNCATE_EXISTING);
        List<Mount> mounts = new ArrayList<>(spec.mounts());
        // `exec`: the state directory may be on a file system that lets nothing be executed
        mounts.add(new Mount(INIT, "bind", file.toString(), List.of("bind", "ro", "exec")));
        return spec.withMounts(mounts).withProcess(process.withArgs(List.of(INIT)));
    }

    private Path write(String name, Object content) throws IOException {
        Path file = directory.resolve(name);
        Files.createFile(file, PRIVATE);
        Files.write(file, Json.write(content), StandardOpenOption.TRUNCATE_EXISTING);
        return file;
    }

    /// Whose container it is; empty if no other runtime can have heard of it.
    public Optional<RuntimeProgram> program() throws IOException {
        try {
            return Optional.of(Json.read(Files.readAllBytes(directory.resolve("program")), RuntimeProgram.class));
        } catch (NoSuchFileException | MalformedException _) {
            // the daemon died before the runtime was started
            return Optional.empty();
        }
    }

    /// What the runtime is given as its bundle.
    public Path directory() {
        return directory;
    }

    /// Where the root is mounted.
    public Path root() {
        return directory.resolve("rootfs");
    }

    /// What the runtime says of the main process.
    public Answers main() {
        return answers(MAIN);
    }

    /// What the runtime says of an exec.
    ///
    /// @param exec its name, unique in the container
    public Answers of(String exec) {
        return answers(exec);
    }

    private Answers answers(String name) {
        return new Answers(directory.resolve(name + ".pid"), directory.resolve(name + ".log"));
    }

    /// Writes what is to be executed.
    public Path write(String exec, Process process) throws IOException {
        return write(exec + ".json", (Object) process);
    }

    /// What there is of an exec.
    public List<Path> files(String exec) {
        Answers answers = answers(exec);
        return List.of(directory.resolve(exec + ".json"), answers.pid(), answers.log());
    }

    /// Removes what there is of an exec.
    public void remove(String exec) throws IOException {
        for (Path each : files(exec)) {
            Files.deleteIfExists(each);
        }
    }

    /// Removes what there is of all other execs, whose names are given again.
    ///
    /// @param execs those that are left
    public void keep(Set<String> execs) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            for (Path each : all.toList()) {
                Matcher file = EXEC_FILE.matcher(each.getFileName().toString());
                if (file.matches() && !execs.contains(file.group(1))) {
                    Files.deleteIfExists(each);
                }
            }
        }
    }

    /// Removes everything. Idempotent.
    public void remove() throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> all = Files.list(directory)) {
            for (Path each : all.toList()) {
                Files.deleteIfExists(each);
            }
        }
        Files.deleteIfExists(directory);
    }

    /// Writes limits that are to replace those of the container.
    public Path write(Resources resources) throws IOException {
        Path file = directory.resolve("resources.json");
        Files.write(file, Json.write(resources));
        return file;
    }
}
