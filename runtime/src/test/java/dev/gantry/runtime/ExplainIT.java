package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.kernel.Poller;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.runtime.explain.Explanation;
import dev.gantry.runtime.explain.PlannedLaunch;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.network.SpareNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is explained is what strace(1) sees.
@Timeout(120)
class ExplainIT {
    private static final String CGROUP = "/gantry-explain-" + UUID.randomUUID();

    private static Path directory;
    private static Trace trace;
    private static Poller poller;
    private static HostRuntime runtime;

    @BeforeAll
    static void traceOneContainerOfEachSet() throws Exception {
        directory = Files.createTempDirectory("gantry-explain");
        Path bin = Files.createDirectories(directory.resolve("image/bin"));
        Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"));
        Files.createSymbolicLink(bin.resolve("true"), Path.of("busybox"));
        trace = Trace.of(TracedContainers.class, directory, CGROUP);
        poller = Poller.start("explain");
        SpareNetwork spare = new SpareNetwork();
        runtime = TracedContainers.runtime(poller, TracedContainers.options(directory, CGROUP), spare);
        TracedContainers.awaitReady(spare);
    }

    @AfterAll
    static void removeWhatWasMade() throws Exception {
        if (poller != null) {
            poller.close();
        }
        try (SafeDirectory temporary = SafeDirectory.open(directory.getParent())) {
            temporary.removeTree(directory.getFileName().toString());
        }
        TestCgroups.remove(CGROUP);
    }

    @ParameterizedTest
    @EnumSource
    void tellsTheCallsOfEveryProcessInTheirOrder(OptionSet options) throws Exception {
        assumeTrue(options.possible(), "host: its kernel shows no layers with other owners");
        Set<Integer> seen = new HashSet<>();

        compareProgram(Explained.of(options), explain(options).steps(), seen);

        assertThat(seen).hasSizeGreaterThan(200);
    }

    /// Threads of their own make mounts with other owners, and their calls are not in the starting thread's trace.
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "USERS_CLOCKS_AND_SCHEDULING")
    void tellsTheCallsOfTheDaemon(OptionSet options) throws Exception {
        compareDaemon(options, explain(options).steps());
    }

    @ParameterizedTest
    @EnumSource(names = {"USER_WITH_CAPABILITIES", "BINDS_SYSCTL_AND_HOST_NAME", "TERMINAL_WITH_INIT"})
    void isFoundWrongWhenOneArgumentOfTheProgramIsAnother(OptionSet options) throws Exception {
        List<Explanation.Step> steps = explain(options).steps();
        Set<Integer> seen = new HashSet<>();
        Explained explained = Explained.of(options);
        compareProgram(explained, steps, seen);
        int first = TraceComparison.daemonSteps(steps).size();
        for (int call : seen) {
            int position = first + explained.positions().get(call);
            if (!steps.get(position).arguments().isEmpty()) {
                List<Explanation.Step> altered = TraceComparison.alter(steps, position);
                assertThatThrownBy(
                                () -> compareProgram(explained, altered, new HashSet<>()),
                                "with %s",
                                altered.get(position))
                        .isInstanceOf(AssertionError.class);
            }
        }
    }

    @Test
    void isFoundWrongWhenOneArgumentOfTheDaemonIsAnother() throws Exception {
        List<Explanation.Step> steps =
                explain(OptionSet.BINDS_SYSCTL_AND_HOST_NAME).steps();
        for (int i = 0; i < TraceComparison.daemonSteps(steps).size(); i++) {
            List<Explanation.Step> altered = TraceComparison.alter(steps, i);
            assertThatThrownBy(
                            () -> compareDaemon(OptionSet.BINDS_SYSCTL_AND_HOST_NAME, altered),
                            "with %s",
                            altered.get(i))
                    .isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void makesNothing() throws Exception {
        List<String> before = everything();

        Explanation explanation = explain(OptionSet.DEFAULT);

        assertThat(explanation.steps()).isNotEmpty();
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void saysWhy() throws Exception {
        assertThat(explain(OptionSet.USER_WITH_CAPABILITIES).steps())
                .anyMatch(step -> step.call().equals("setresuid") && step.why().equals("--user 1000"));
        assertThat(explain(OptionSet.READ_ONLY_WITH_TMPFS).toText())
                .contains("container     mount tmpfs on /tmp  (--tmpfs /tmp)")
                .contains("container     mount proc on /proc  (default)");
    }

    private static List<String> everything() throws IOException {
        List<String> found = new ArrayList<>();
        List<Path> roots = new ArrayList<>(TestCgroups.named(CGROUP));
        roots.add(directory);
        for (Path each : roots) {
            try (Stream<Path> files = Files.walk(each)) {
                files.map(Path::toString).sorted().forEach(found::add);
            }
        }
        return found;
    }

    private static PlannedLaunch planned(OptionSet options) {
        return new PlannedLaunch(
                options.name(),
                options.spec(),
                options.openStdin(),
                options.init(),
                options.origins()::of,
                Files::isDirectory);
    }

    private static Explanation explain(OptionSet options) throws IOException {
        return runtime.explain(planned(options), TracedContainers.root(options, directory));
    }

    /// A program, and where its calls are among the steps.
    private record Explained(OptionSet options, LaunchPlan plan, Map<Integer, Integer> positions) {
        static Explained of(OptionSet options) throws IOException {
            LaunchPlan plan = runtime.preparation().plan(planned(options));
            return new Explained(options, plan, TraceComparison.positionsIn(plan));
        }
    }

    private static void compareProgram(Explained explained, List<Explanation.Step> steps, Set<Integer> seen) {
        List<Trace.Line> lines =
                trace.from("execve", "[\"" + explained.options().name() + "\"]");
        new TraceComparison(trace, explained.plan()).program(steps, lines, seen);
    }

    private static void compareDaemon(OptionSet options, List<Explanation.Step> steps) {
        TraceComparison.daemon(
                steps,
                trace.from("mkdir", "/work-" + options.name()),
                trace.from("execve", "[\"" + options.name() + "\"]"));
    }
}
