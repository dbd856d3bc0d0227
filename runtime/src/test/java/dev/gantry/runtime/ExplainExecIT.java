package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.kernel.Poller;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.runtime.TracedExecs.ExecSet;
import dev.gantry.runtime.explain.Explanation;
import dev.gantry.runtime.explain.Origins;
import dev.gantry.runtime.launch.LaunchPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is explained of an exec is what strace(1) sees.
@Timeout(120)
class ExplainExecIT {
    private static final String CGROUP = "/gantry-explain-" + UUID.randomUUID();

    private static final List<LaunchPlan> PLANS = new ArrayList<>();
    private static Path directory;
    private static Trace trace;
    private static Poller poller;
    private static ContainerRuntime runtime;

    @BeforeAll
    static void traceOneExecOfEachSet() throws Exception {
        directory = Files.createTempDirectory("gantry-explain");
        Path bin = Files.createDirectories(directory.resolve("image/bin"));
        Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"));
        for (String applet : List.of("true", "sleep")) {
            Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
        }
        trace = Trace.of(TracedExecs.class, directory, CGROUP);
        poller = Poller.start("explain");
        runtime = new HostRuntime(
                poller,
                TracedContainers.options(directory, CGROUP),
                plan -> {
                    PLANS.add(plan);
                    return plan;
                },
                Optional.empty());
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

    /// An explanation, and the program that it is of.
    private record Explained(LaunchPlan plan, Explanation explanation) {
        static Explained of(ExecSet options) throws Exception {
            RunningContainer container = TracedExecs.start(runtime, options, directory);
            try {
                Explanation explanation = container.explain(options.launch(), options.origins());
                return new Explained(PLANS.getLast(), explanation);
            } finally {
                TracedExecs.end(container);
            }
        }

        void compareProgram(ExecSet options, List<Explanation.Step> steps, Set<Integer> seen) {
            new TraceComparison(trace, plan).program(steps, shim(options), seen);
        }
    }

    /// The daemon's calls, from a mark before the exec on.
    private static List<Trace.Line> daemon(ExecSet options) {
        return trace.from("mkdir", "/exec-" + options);
    }

    /// The exec's: the container's is named alike.
    private static List<Trace.Line> shim(ExecSet options) {
        return trace.spawned(daemon(options));
    }

    private static void compareDaemon(ExecSet options, List<Explanation.Step> steps) {
        TraceComparison.daemon(steps, daemon(options), shim(options));
    }

    @ParameterizedTest
    @EnumSource
    void tellsTheCallsOfEveryProcessInTheirOrder(ExecSet options) throws Exception {
        Explained explained = Explained.of(options);
        Set<Integer> seen = new HashSet<>();

        explained.compareProgram(options, explained.explanation().steps(), seen);

        assertThat(seen).hasSizeGreaterThan(60);
    }

    @ParameterizedTest
    @EnumSource
    void tellsTheCallsOfTheDaemon(ExecSet options) throws Exception {
        compareDaemon(options, Explained.of(options).explanation().steps());
    }

    @ParameterizedTest
    @EnumSource
    void isFoundWrongWhenOneArgumentIsAnother(ExecSet options) throws Exception {
        Explained explained = Explained.of(options);
        List<Explanation.Step> steps = explained.explanation().steps();
        int first = TraceComparison.daemonSteps(steps).size();
        for (int i = 0; i < first; i++) {
            List<Explanation.Step> altered = TraceComparison.alter(steps, i);
            assertThatThrownBy(() -> compareDaemon(options, altered), "with %s", altered.get(i))
                    .isInstanceOf(AssertionError.class);
        }
        Set<Integer> seen = new HashSet<>();
        explained.compareProgram(options, steps, seen);
        var positions = TraceComparison.positionsIn(explained.plan());
        for (int call : seen) {
            int position = first + positions.get(call);
            if (!steps.get(position).arguments().isEmpty()) {
                List<Explanation.Step> altered = TraceComparison.alter(steps, position);
                assertThatThrownBy(
                                () -> explained.compareProgram(options, altered, new HashSet<>()),
                                "with %s",
                                altered.get(position))
                        .isInstanceOf(AssertionError.class);
            }
        }
    }

    @Test
    void makesNothing() throws Exception {
        RunningContainer container = TracedExecs.start(runtime, ExecSet.PLAIN, directory);
        try {
            List<String> before = everything(container);

            assertThat(container.explain(ExecSet.PLAIN.launch(), Origins.NONE).steps())
                    .isNotEmpty();
            assertThat(everything(container)).isEqualTo(before);
        } finally {
            TracedExecs.end(container);
        }
    }

    @Test
    void saysWhy() throws Exception {
        ExecSet options = ExecSet.TERMINAL_USER_DIRECTORY_AND_VARIABLES;
        Explanation explanation = Explained.of(options).explanation();

        assertThat(explanation.steps())
                .anyMatch(step -> step.call().equals("setresuid") && step.why().equals("--user 1000"))
                .anyMatch(step -> step.call().equals("setns") && step.why().equals("default"));
        assertThat(explanation.toText()).contains("container     enter /bin  (--workdir /bin)");
    }

    @Test
    void isRefusedOfAContainerThatIsPaused() throws Exception {
        RunningContainer container = TracedExecs.start(runtime, ExecSet.PLAIN, directory);
        try {
            container.pause();
            assertThatThrownBy(() -> container.explain(ExecSet.PLAIN.launch(), Origins.NONE))
                    .isInstanceOf(LaunchException.class)
                    .hasMessage("container PLAIN is paused");
            container.resume();
        } finally {
            TracedExecs.end(container);
        }
    }

    private static List<String> everything(RunningContainer container) throws IOException {
        List<String> all = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            files.map(Path::toString).sorted().forEach(all::add);
        }
        container.processes().forEach(each -> all.add(each.toString()));
        return all;
    }
}
