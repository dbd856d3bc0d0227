package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Poller;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.Json;
import dev.gantry.oci.runtime.Linux;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.explain.Origins;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A runtime with a state root, a cgroup parent and an image of busybox of its own.
final class TestHost implements AutoCloseable {
    private static final List<String> APPLETS = List.of(
            "sh",
            "true",
            "echo",
            "cat",
            "sleep",
            "ls",
            "id",
            "mount",
            "hostname",
            "wc",
            "stty",
            "dd",
            "grep",
            "find",
            "touch",
            "head",
            "tail",
            "kill",
            "readlink",
            "ps",
            "test",
            "stat",
            "mkdir",
            "umask",
            "nproc",
            "tr",
            "seq",
            "yes");

    private final Path directory;
    private final Poller poller;
    private final ContainerRuntime runtime;
    private final String cgroupParent = "/gantry-test-" + UUID.randomUUID();
    private final List<String> warnings = new CopyOnWriteArrayList<>();

    TestHost() throws IOException {
        directory = Files.createTempDirectory("gantry-runtime");
        Path bin = Files.createDirectories(directory.resolve("image/bin"));
        Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"));
        for (String applet : APPLETS) {
            Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
        }
        Files.createDirectories(directory.resolve("image/tmp"));
        poller = Poller.start("test poller");
        runtime = anotherRuntime();
    }

    /// A runtime on the same state, as after a restart of the daemon.
    ContainerRuntime anotherRuntime() throws IOException {
        return ContainerRuntime.on(poller, options());
    }

    Poller poller() {
        return poller;
    }

    RuntimeOptions options() {
        return new RuntimeOptions(state(), cgroupParent, null, warnings::add);
    }

    ContainerRuntime runtime() {
        return runtime;
    }

    String cgroupParent() {
        return cgroupParent;
    }

    Path state() {
        return directory.resolve("state");
    }

    List<String> warnings() {
        return warnings;
    }

    /// A file in the image, as `rwxr-xr-x`.
    void executable(String path, byte[] content) throws IOException {
        Path file = directory.resolve("image").resolve(path);
        Files.createDirectories(file.resolveSibling("."));
        Files.write(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    void script(String path, String text) throws IOException {
        executable(path, text.getBytes(StandardCharsets.UTF_8));
    }

    static Spec spec(String... command) throws IOException {
        Spec spec = Json.read(
                TestHost.class.getResourceAsStream("default-spec.json").readAllBytes(), Spec.class);
        return spec.withProcess(spec.process().withArgs(List.of(command)));
    }

    ContainerLaunch launch(Spec spec, boolean init) throws IOException {
        Path own = Files.createTempDirectory(directory, "container");
        Path upper = Files.createDirectory(own.resolve("upper"));
        Path work = Files.createDirectory(own.resolve("work"));
        List<Path> lower = List.of(directory.resolve("image"));
        Linux linux = spec.linux();
        RootFileSystem root = linux.uidMappings().isEmpty()
                        || linux.gidMappings().isEmpty()
                ? new RootFileSystem.Overlay(lower, upper, work)
                : new RootFileSystem.MappedOverlay(lower, upper, work, linux.uidMappings(), linux.gidMappings());
        return new ContainerLaunch("c" + UUID.randomUUID(), spec, runtime.mount(root), true, init, Origins.NONE);
    }

    /// A directory of this host that is removed with it.
    Path fresh(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name));
    }

    RunningContainer start(String... command) throws IOException {
        return start(spec(command));
    }

    RunningContainer start(Spec spec) throws IOException {
        return start(launch(spec, false));
    }

    RunningContainer start(ContainerLaunch launch) throws IOException {
        try {
            return runtime.start(launch);
        } catch (IOException | RuntimeException e) {
            launch.root().close();
            throw e;
        }
    }

    /// A container that does nothing until it is removed.
    RunningContainer idle() throws IOException {
        return start("sleep", "1000");
    }

    static void remove(RunningContainer container) throws IOException {
        container.delete();
        container.close();
    }

    record Ended(int code, String output, String error) {}

    Ended run(Spec spec) throws Exception {
        return run(launch(spec, false));
    }

    Ended run(ContainerLaunch launch) throws Exception {
        RunningContainer container = start(launch);
        try {
            return end(container);
        } finally {
            remove(container);
        }
    }

    static Ended exec(RunningContainer container, String... command) throws Exception {
        return exec(container, process(container, command), "");
    }

    static Ended exec(RunningContainer container, Process process, String input) throws Exception {
        try (ContainerProcess executed = container.exec(new ExecLaunch(process, true, false))) {
            return end(executed, input);
        }
    }

    /// What the default container's process is, with another command.
    static Process process(RunningContainer container, String... command) throws IOException {
        return spec(command).process();
    }

    static Ended end(ContainerProcess process) throws Exception {
        return end(process, "");
    }

    static Ended end(ContainerProcess process, String input) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> writing = threads.submit(() -> write(process.stdin(), input));
            Future<byte[]> output = threads.submit(() -> process.stdout().readAllBytes());
            byte[] error =
                    process.stderr() == null ? new byte[0] : process.stderr().readAllBytes();
            String text = new String(output.get(30, TimeUnit.SECONDS), StandardCharsets.UTF_8);
            writing.get(30, TimeUnit.SECONDS);
            int code = process.awaitExit().code();
            process.drained();
            return new Ended(code, text, new String(error, StandardCharsets.UTF_8));
        }
    }

    private static Void write(OutputStream stdin, String input) throws IOException {
        if (stdin != null) {
            try (stdin) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (KernelException e) {
                if (!e.errno().equals(Errno.EPIPE)) {
                    throw e;
                }
                // the process did not want all of it
            }
        }
        return null;
    }

    /// A specification with one item changed, as `process.noNewPrivileges`; null removes it.
    @SuppressWarnings("unchecked") // JSON objects have strings for keys
    static Spec with(Spec spec, String item, @Nullable Object value) throws IOException {
        Map<String, Object> tree = new HashMap<>(Json.read(Json.write(spec), Map.class));
        String[] names = item.split("\\.", -1);
        Map<String, Object> parent = tree;
        for (String name : List.of(names).subList(0, names.length - 1)) {
            Map<String, Object> child = new HashMap<>((Map<String, Object>) parent.getOrDefault(name, Map.of()));
            parent.put(name, child);
            parent = child;
        }
        if (value == null) {
            parent.remove(names[names.length - 1]);
        } else {
            parent.put(names[names.length - 1], value);
        }
        return Json.read(Json.write(tree), Spec.class);
    }

    /// With namespaces by their paths; an empty path is the host's own, null a new one.
    static Spec withNamespace(Spec spec, Namespace.Type type, @Nullable String path) {
        List<Namespace> all = new ArrayList<>(spec.linux().namespaces());
        all.removeIf(each -> each.type() == type);
        if (path == null || !path.isEmpty()) {
            all.add(new Namespace(type, path));
        }
        return with(spec, all);
    }

    private static Spec with(Spec spec, List<Namespace> namespaces) {
        Linux old = spec.linux();
        return spec.withLinux(new Linux(
                old.uidMappings(),
                old.gidMappings(),
                old.sysctl(),
                old.resources(),
                old.cgroupsPath(),
                namespaces,
                old.devices(),
                old.netDevices(),
                old.seccomp(),
                old.rootfsPropagation(),
                old.maskedPaths(),
                old.readonlyPaths(),
                old.mountLabel(),
                old.intelRdt(),
                old.memoryPolicy(),
                old.personality(),
                old.timeOffsets()));
    }

    /// With a user namespace of its own, whose root is the host's user 100000.
    static Spec withUserNamespace(Spec spec) throws IOException {
        Spec with = withNamespace(spec, Namespace.Type.USER, null);
        Object maps = List.of(Map.of("containerID", 0, "hostID", 100_000, "size", 65_536));
        return with(with(with, "linux.uidMappings", maps), "linux.gidMappings", maps);
    }

    /// Reads until the text has come.
    static String readUntil(InputStream in, String text) throws IOException {
        StringBuilder seen = new StringBuilder();
        while (seen.indexOf(text) < 0) {
            int next = in.read();
            if (next < 0) {
                throw new AssertionError("the end came before \"" + text + "\": " + seen);
            }
            seen.append((char) next);
        }
        return seen.toString();
    }

    interface Condition {
        boolean holds() throws Exception;
    }

    /// Runs a program of the host's, which has to succeed.
    static void command(String... words) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(words).inheritIO().start().waitFor())
                .as(String.join(" ", words))
                .isZero();
    }

    /// Waits until the condition holds, half a minute at most.
    static void await(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain: " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    List<Path> leftBehind() throws IOException {
        try (Stream<Path> states = Files.list(state())) {
            return states.toList();
        }
    }

    /// The shims of a container and of its execs.
    List<Integer> shims(String id) throws IOException {
        String hierarchy = TestCgroups.unified() ? "" : "systemd";
        Path procs = Path.of("/sys/fs/cgroup", hierarchy, cgroupParent, "supervisors", id, "cgroup.procs");
        return Files.readAllLines(procs).stream().map(Integer::valueOf).toList();
    }

    /// Directories of cgroups of containers that are still there.
    List<Path> cgroups() throws IOException {
        return TestCgroups.ofContainers(cgroupParent);
    }

    /// A control file of a container's.
    String limit(RunningContainer container, String name) throws IOException {
        return Files.readString(TestCgroups.file(cgroupParent, container.id(), name))
                .strip();
    }

    @Override
    public void close() throws IOException {
        for (String id : runtime.leftovers()) {
            runtime.discard(id);
        }
        poller.close();
        try (SafeDirectory temporary = SafeDirectory.open(directory.getParent())) {
            temporary.removeTree(directory.getFileName().toString());
        }
        TestCgroups.remove(cgroupParent);
    }
}
