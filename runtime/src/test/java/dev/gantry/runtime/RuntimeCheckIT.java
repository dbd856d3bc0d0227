package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.kernel.Pidfd;
import dev.gantry.kernel.Signal;
import dev.gantry.runtime.check.RuntimeProblem;
import dev.gantry.runtime.check.StrayGroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Fabricated damage of each kind, found by name.
class RuntimeCheckIT {
    private static final String ID = "0123456789abcdef".repeat(4);

    private TestHost host;

    @BeforeEach
    void makeHost() throws Exception {
        host = new TestHost();
    }

    @AfterEach
    void removeHost() throws Exception {
        host.close();
    }

    private Path state(RunningContainer container, String name) {
        return host.state().resolve(container.id()).resolve(name);
    }

    private List<Path> groups(RunningContainer container) throws IOException {
        return TestCgroups.named(host.cgroupParent() + "/" + container.id());
    }

    private static void moveTo(Path group, long pid) throws IOException {
        Files.writeString(group.resolve("cgroup.procs"), Long.toString(pid));
    }

    @Test
    void aRunningContainerWithExecsAgrees() throws Exception {
        try (RunningContainer container = host.idle();
                ContainerProcess _ =
                        container.exec(new ExecLaunch(TestHost.process(container, "sleep", "1000"), false, false))) {
            assertThat(container.check()).isEmpty();
            assertThat(host.runtime().remainsOf(container.id()))
                    .contains(host.state().resolve(container.id()))
                    .containsAll(groups(container));
            assertThat(host.runtime().strayGroups()).isEmpty();
            container.delete();
            assertThat(host.runtime().remainsOf(container.id())).isEmpty();
        }
    }

    @Test
    void anEndThatNobodyHasTakenYetAgrees() throws Exception {
        try (RunningContainer container = host.start("true")) {
            var _ = container.awaitExit();
            assertThat(container.check()).isEmpty();
            container.drained();
            container.delete();
        }
    }

    /// One that is found has been begun in that moment, and is not found twice.
    @Test
    void aRecordThatIsBeingWrittenAgrees() throws Exception {
        try (RunningContainer container = host.idle()) {
            var execs = new FutureTask<Void>(() -> {
                for (int i = 0; i < 100; i++) {
                    assertThat(TestHost.exec(container, "true").code()).isZero();
                }
                return null;
            });
            Thread.ofVirtual().start(execs);
            List<RuntimeProblem> before = List.of();
            while (!execs.isDone()) {
                List<RuntimeProblem> now = container.check().stream()
                        .filter(RuntimeProblem.BrokenFile.class::isInstance)
                        .toList();
                assertThat(now).noneMatch(before::contains);
                before = now;
            }
            execs.get();
            container.delete();
        }
    }

    @Test
    void aLostOrTornRecordIsFound() throws Exception {
        try (RunningContainer container = host.idle()) {
            Path record = state(container, "container");
            Files.writeString(record, "{\"shim\":");
            assertThat(container.check()).containsExactly(new RuntimeProblem.NoRecord(record));
            Files.delete(record);
            assertThat(container.check()).containsExactly(new RuntimeProblem.NoRecord(record));
            container.delete();
        }
    }

    @Test
    void aLostStateDirectoryIsFound() throws Exception {
        try (RunningContainer container = host.idle()) {
            Path directory = host.state().resolve(container.id());
            Files.move(directory, host.fresh("elsewhere").resolve("state"));
            assertThat(container.check()).containsExactly(new RuntimeProblem.NoState(directory));
            Files.move(host.fresh("elsewhere").resolve("state"), directory);
            container.delete();
        }
    }

    @Test
    void aKilledSupervisorIsFound() throws Exception {
        try (RunningContainer container = host.idle()) {
            int shim = host.shims(container.id()).getFirst();
            Pidfd.signal(shim, Signal.KILL);
            TestHost.await("its end", () -> container.check().contains(new RuntimeProblem.NoSupervisor(shim)));
            container.delete();
        }
    }

    @Test
    void anEndThatIsNeverRecordedIsFound() throws Exception {
        try (RunningContainer container = host.idle()) {
            int shim = host.shims(container.id()).getFirst();
            Pidfd.signal(shim, Signal.STOP);
            Pidfd.signal(container.pid(), Signal.KILL);
            TestHost.await(
                    "the end of its process",
                    () -> container.check().equals(List.of(new RuntimeProblem.NoProcess(container.pid()))));
            Pidfd.signal(shim, new Signal(18));
            TestHost.await("its record", () -> container.check().isEmpty());
            container.delete();
        }
    }

    @Test
    void aProcessInAnotherGroupIsFound() throws Exception {
        try (RunningContainer container = host.idle()) {
            Path group = groups(container).getFirst();
            moveTo(group.getParent().getParent(), container.pid());
            assertThat(container.check()).containsExactly(new RuntimeProblem.ProcessElsewhere(container.pid(), group));
            Files.delete(group);
            assertThat(container.check()).containsExactly(new RuntimeProblem.NoGroup(group));
            Pidfd.signal(container.pid(), Signal.KILL);
            container.delete();
        }
    }

    @Test
    void aSupervisorInAnotherGroupIsFound() throws Exception {
        try (RunningContainer container = host.idle()) {
            int shim = host.shims(container.id()).getFirst();
            Path group = supervisors(container.id());
            moveTo(group.getParent().getParent().getParent(), shim);
            assertThat(container.check()).containsExactly(new RuntimeProblem.SupervisorElsewhere(shim, group));
            moveTo(group, shim);
            container.delete();
        }
    }

    private Path supervisors(String id) throws IOException {
        return TestCgroups.named(host.cgroupParent() + "/supervisors/" + id).getFirst();
    }

    @Test
    void aStraySupervisorIsFoundAndEnded() throws Exception {
        Process stray = new ProcessBuilder("sleep", "1000").start();
        try (RunningContainer container = host.idle()) {
            moveTo(supervisors(container.id()), stray.pid());
            RuntimeProblem problem = new RuntimeProblem.StraySupervisor((int) stray.pid());
            assertThat(container.check()).containsExactly(problem);
            container.mend(problem);
            assertThat(stray.waitFor()).isEqualTo(137);
            assertThat(container.check()).isEmpty();
            container.delete();
        } finally {
            stray.destroyForcibly();
        }
    }

    @Test
    void recordsOfDeadExecsAndUnfinishedOnesAreFoundAndRemoved() throws Exception {
        try (RunningContainer container = host.idle();
                ContainerProcess _ =
                        container.exec(new ExecLaunch(TestHost.process(container, "sleep", "1000"), false, false))) {
            Path whole = state(container, "exec-1.exec");
            String dead = Files.readString(whole).replaceAll("\"startTime\":[0-9]+", "\"startTime\":1");
            Path ended = Files.writeString(state(container, "exec-7.exec"), dead);
            Path status = Files.createFile(state(container, "exec-7"));
            Path torn = Files.writeString(state(container, "exec-8.exec"), "{");
            Path unfinished = Files.createFile(state(container, "exec-9.exec.new"));
            List<RuntimeProblem> problems = container.check();
            assertThat(problems)
                    .containsExactlyInAnyOrder(
                            new RuntimeProblem.DeadExec("", ended),
                            new RuntimeProblem.BrokenFile(torn),
                            new RuntimeProblem.BrokenFile(unfinished));
            for (RuntimeProblem each : problems) {
                assertThat(each.isMendable()).isTrue();
                container.mend(each);
            }
            assertThat(container.check()).isEmpty();
            assertThat(List.of(ended, status, torn, unfinished)).noneMatch(Files::exists);
            assertThat(whole).exists();
            container.delete();
        }
    }

    private List<Path> makeGroups(Duration age) throws IOException {
        List<Path> made = new ArrayList<>();
        for (Path parent : TestCgroups.named(host.cgroupParent())) {
            Path group = Files.createDirectory(parent.resolve(ID));
            Files.setLastModifiedTime(group, FileTime.from(Instant.now().minus(age)));
            made.add(group);
        }
        return made;
    }

    @Test
    void groupsOfNobodyAreFoundAndDiscardedWithTheirProcesses() throws Exception {
        Process process = new ProcessBuilder("sleep", "1000").start();
        try (RunningContainer container = host.idle()) {
            List<Path> made = makeGroups(Duration.ofMinutes(1));
            for (Path each : made) {
                moveTo(each, process.pid());
            }
            StrayGroups found = host.runtime().strayGroups().getFirst();
            assertThat(found.container()).isEqualTo(ID);
            assertThat(found.processes()).isEqualTo(1);
            assertThat(found.directories()).hasSizeGreaterThanOrEqualTo(made.size());

            host.runtime().discard(ID);

            assertThat(process.waitFor()).isEqualTo(137);
            assertThat(host.runtime().strayGroups()).isEmpty();
            assertThat(made).noneMatch(Files::exists);
            container.delete();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void groupsThatAreBeingMadeAreNobodysBusiness() throws Exception {
        try (RunningContainer container = host.idle()) {
            List<Path> made = makeGroups(Duration.ZERO);
            assertThat(host.runtime().strayGroups()).isEmpty();
            host.runtime().discard(ID);
            assertThat(made).noneMatch(Files::exists);
            container.delete();
        }
    }

    @Test
    void groupsOfAnotherDaemonsSupervisorAreNotTaken() throws Exception {
        Process supervisor = new ProcessBuilder("sleep", "1000").start();
        try (RunningContainer container = host.idle()) {
            List<Path> made = makeGroups(Duration.ofMinutes(1));
            Path group = Files.createDirectory(supervisors(container.id()).resolveSibling(ID));
            Files.setLastModifiedTime(group, FileTime.from(Instant.EPOCH));
            moveTo(group, supervisor.pid());
            assertThat(made).isNotEmpty();
            assertThat(host.runtime().strayGroups()).isEmpty();
            host.runtime().discard(ID);
            container.delete();
        } finally {
            supervisor.destroyForcibly();
        }
    }
}
