package dev.gantry.runtime;

import dev.gantry.kernel.Poller;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.kernel.Signal;
import dev.gantry.oci.Json;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.explain.Origins;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.network.SpareNetwork;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// A busybox image, a runtime with cgroups of its own, and a canary: a directory of the host that no container may
/// touch.
final class CanaryHost implements AutoCloseable {
    private static final String CONTENT = "untouched";

    private final Path directory;
    private final String cgroupParent = "/gantry-test-" + UUID.randomUUID();
    private final Poller poller;
    private int roots;

    CanaryHost() throws IOException {
        directory = Files.createTempDirectory("gantry-test");
        poller = Poller.start("test poller");
        Path bin = Files.createDirectories(image().resolve("bin"));
        Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"));
        for (String applet : List.of("sh", "true", "echo", "cat", "sleep", "ls", "stty", "readlink", "seq", "pwd")) {
            Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
        }
        Files.createDirectories(directory.resolve("state"));
        Files.writeString(Files.createDirectories(canary()).resolve("file"), CONTENT);
    }

    Path image() {
        return directory.resolve("image");
    }

    Path canary() {
        return directory.resolve("canary");
    }

    /// A path beside the image.
    Path beside(String name) {
        return directory.resolve(name);
    }

    ContainerRuntime runtime() throws IOException {
        return runtime(UnaryOperator.identity());
    }

    ContainerRuntime runtime(UnaryOperator<LaunchPlan> variant) throws IOException {
        return new HostRuntime(poller, options(), variant, Optional.empty());
    }

    ContainerRuntime runtime(SpareNetwork spareNetwork) throws IOException {
        return new HostRuntime(poller, options(), UnaryOperator.identity(), Optional.of(spareNetwork));
    }

    private RuntimeOptions options() {
        return new RuntimeOptions(directory.resolve("state"), cgroupParent, null, _ -> {});
    }

    static Spec spec(String... command) throws IOException {
        try (var in = Objects.requireNonNull(CanaryHost.class.getResourceAsStream("default-spec.json"))) {
            Spec spec = Json.read(in.readAllBytes(), Spec.class);
            return spec.withProcess(spec.process().withArgs(List.of(command)));
        }
    }

    static Spec with(Spec spec, Mount... mounts) {
        List<Mount> all = new ArrayList<>(spec.mounts());
        all.addAll(List.of(mounts));
        return spec.withMounts(all);
    }

    /// Starts a container; closes its root if it does not start.
    RunningContainer start(ContainerRuntime runtime, Spec spec) throws IOException {
        Path own = directory.resolve("root" + ++roots);
        Path upper = Files.createDirectories(own.resolve("upper"));
        SafeDirectory root = runtime.mount(
                new RootFileSystem.Overlay(List.of(image()), upper, Files.createDirectories(own.resolve("work"))));
        RunningContainer container = null;
        try {
            container = runtime.start(new ContainerLaunch("c" + roots, spec, root, false, false, Origins.NONE));
            return container;
        } finally {
            if (container == null) {
                root.close();
            }
        }
    }

    /// Runs a container to its end and returns what it has printed.
    String run(ContainerRuntime runtime, Spec spec) throws IOException, InterruptedException {
        try (RunningContainer container = start(runtime, spec)) {
            String output = new String(container.stdout().readAllBytes(), StandardCharsets.UTF_8);
            if (container.stderr() != null) {
                output += new String(container.stderr().readAllBytes(), StandardCharsets.UTF_8);
            }
            end(container);
            return output;
        }
    }

    static void end(RunningContainer container) throws IOException, InterruptedException {
        container.kill(Signal.KILL);
        container.awaitExit();
        container.drained();
        container.delete();
    }

    /// What may not change on the host: its mounts, and the canary.
    List<String> host() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(Path.of("/proc/self/mountinfo")));
        lines.removeIf(line -> isForeign(line.split(" ", -1)[4]));
        try (Stream<Path> files = Files.walk(canary())) {
            files.sorted().map(Path::toString).forEach(lines::add);
        }
        lines.add(Files.readString(canary().resolve("file")));
        return lines;
    }

    /// Where another daemon on the same machine mounts what is its own, which no container of this test knows of.
    private boolean isForeign(String target) {
        boolean elsewhere = target.startsWith(directory.getParent() + "/") && !target.startsWith(directory.toString());
        return elsewhere || target.startsWith("/run/") || target.startsWith("/var/");
    }

    /// State directories, cgroups and processes of containers.
    List<String> leftBehind() throws IOException {
        List<String> left = new ArrayList<>();
        try (Stream<Path> states = Files.list(directory.resolve("state"))) {
            states.map(Path::toString).forEach(left::add);
        }
        TestCgroups.ofContainers(cgroupParent).stream().map(Path::toString).forEach(left::add);
        ProcessHandle.current()
                .children()
                .map(child -> "process " + child.pid())
                .forEach(left::add);
        return left;
    }

    /// How often this process has each file, pipe, … open.
    static Map<String, Integer> descriptors() throws IOException {
        Map<String, Integer> open = new TreeMap<>();
        try (Stream<Path> numbers = Files.list(Path.of("/proc/self/fd"))) {
            for (Path number : numbers.toList()) {
                try {
                    open.merge(Files.readSymbolicLink(number).toString(), 1, Integer::sum);
                } catch (NoSuchFileException _) {
                    // the listing's own
                }
            }
        }
        return open;
    }

    /// What is open more often than before. What the collector closes meanwhile does not count.
    static List<String> opened(Map<String, Integer> before) throws IOException {
        List<String> more = new ArrayList<>();
        descriptors().forEach((target, count) -> {
            if (count > before.getOrDefault(target, 0)) {
                more.add(target);
            }
        });
        return more;
    }

    @Override
    public void close() throws IOException {
        poller.close();
        try (SafeDirectory temporary = SafeDirectory.open(directory.getParent())) {
            temporary.removeTree(directory.getFileName().toString());
        }
        TestCgroups.remove(cgroupParent);
    }
}
