package dev.gantry.e2e.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.e2e.Repository;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/// Suites of this module and of the runtime's, in a virtual machine with cgroup v2 alone and Debian's kernel
/// (`scripts/vm`). Each test there is a test here. What the machine has of its own are the kernel, /tmp and
/// the cgroups.
class VirtualMachineIT {
    /// Whether all of this module's suites run there, which takes one to three hours, and not only those that cgroups
    /// matter to.
    private static final boolean ALL = "all".equals(System.getProperty("e2e.vm"));

    private static final int SECONDS = ALL ? 3 * 60 * 60 : 1500;

    @TestFactory
    Stream<DynamicTest> theRuntimeOnCgroupVersionTwo() throws IOException, InterruptedException {
        return results(
                "dev.gantry.runtime.UnifiedCgroupIT",
                "dev.gantry.runtime.cgroup.DeviceFilterIT",
                "dev.gantry.runtime.cgroup.ThreadedGroupIT",
                "dev.gantry.runtime.ResourceIT",
                "dev.gantry.runtime.UpdateIT",
                "dev.gantry.runtime.UsageIT",
                "dev.gantry.runtime.HostRuntimeIT",
                "dev.gantry.runtime.LeftoversIT",
                "dev.gantry.runtime.ExecIT",
                "dev.gantry.runtime.NamespaceIT");
    }

    @TestFactory
    Stream<DynamicTest> theDaemonOnCgroupVersionTwo() throws IOException, InterruptedException {
        return ALL
                ? results(everySuite())
                : results(
                        "dev.gantry.e2e.ResourcesIT",
                        "dev.gantry.e2e.PrivilegesIT#endAtTheMaskedAndReadOnlyPaths",
                        "dev.gantry.e2e.PrivilegesIT#shareTheNamespacesOfAnotherContainer",
                        "dev.gantry.e2e.UpdateIT",
                        "dev.gantry.e2e.StatsIT",
                        "dev.gantry.e2e.LifecycleIT#pauseStopsEveryProcessUntilUnpause",
                        "dev.gantry.e2e.LifecycleIT#aPausedContainerCanBeStoppedAndRemoved",
                        "dev.gantry.e2e.LifecycleIT#removeRefusesARunningContainerUnlessForced",
                        "dev.gantry.e2e.ExecIT#sharesNamespacesRootAndCgroupWithTheContainer");
    }

    private static String[] everySuite() throws IOException {
        Path classes = Repository.root().resolve("e2e/target/test-classes");
        try (Stream<Path> files = Files.walk(classes)) {
            return files.map(each -> classes.relativize(each).toString())
                    // but for those that start virtual machines themselves
                    .filter(each -> each.endsWith("IT.class") && !each.matches(".*/(vm|power)/.*"))
                    .map(each ->
                            each.substring(0, each.length() - ".class".length()).replace('/', '.'))
                    .sorted()
                    .toArray(String[]::new);
        }
    }

    private static Stream<DynamicTest> results(String... classes) throws IOException, InterruptedException {
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "host: the virtual machine is for x86-64");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-system-x86_64")), "qemu-system-x86_64 is not installed");
        List<String> output = run(classes);
        List<String[]> lines = output.stream()
                .filter(line -> line.startsWith(GuestTests.MARK + "\t"))
                .map(line -> line.split("\t", -1))
                .toList();
        assertThat(lines)
                .as(() -> String.join("\n", output.subList(Math.max(0, output.size() - 60), output.size())))
                .anyMatch(words -> words[1].equals(GuestTests.COMPLETE));
        return lines.stream()
                .filter(words -> !words[1].equals(GuestTests.COMPLETE))
                .map(words -> DynamicTest.dynamicTest(words[2], () -> repeat(words[1], words[3])));
    }

    private static void repeat(String outcome, String reason) {
        String text = reason.replace("\\n", "\n");
        switch (outcome) {
            case GuestTests.PASSED -> {}
            case GuestTests.SKIPPED -> throw new TestAbortedException(text);
            default -> throw new AssertionError(text);
        }
    }

    private static List<String> run(String... classes) throws IOException, InterruptedException {
        Path root = Repository.root();
        Path java = Path.of(System.getProperty("java.home"), "bin/java");
        // the runtime's tests are compiled, but in no archive
        String path = System.getProperty("java.class.path")
                + File.pathSeparator
                + root.resolve("runtime/target/test-classes");
        List<String> words = new ArrayList<>(List.of(root.resolve("scripts/vm").toString()));
        words.addAll(List.of(java.toString(), "-XX:TieredStopAtLevel=1", "-Xmx768m", "-Xshare:auto"));
        words.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC"));
        words.addAll(List.of("-De2e.daemons=gantry", "-De2e.clients=docker", "-De2e.slowness=10"));
        // what counts in minutes here would take hours there
        words.addAll(List.of("-De2e.deaths=3", "-De2e.endurance=50"));
        words.add("-Djunit.jupiter.execution.timeout.mode=disabled");
        words.addAll(List.of("-cp", path, GuestTests.class.getName()));
        words.addAll(List.of(classes));
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(root.resolve("e2e").toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true);
        builder.environment().put("VM_TIMEOUT", Integer.toString(SECONDS));
        Process process = builder.start();
        try (var out = process.inputReader(StandardCharsets.UTF_8)) {
            // at once, too: a run of hours may be cut short
            List<String> lines = out.lines().peek(VirtualMachineIT::show).toList();
            process.waitFor();
            return lines;
        } finally {
            process.destroy();
        }
    }

    private static void show(String line) {
        if (ALL && line.startsWith(GuestTests.MARK)) {
            System.out.println(line);
        }
    }
}
