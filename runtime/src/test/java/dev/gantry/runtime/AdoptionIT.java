package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Pidfd;
import dev.gantry.kernel.Signal;
import dev.gantry.oci.MalformedException;
import dev.gantry.runtime.DoomedDaemon.Told;
import dev.gantry.runtime.DoomedDaemon.Work;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Containers of a daemon that was killed with SIGKILL, taken back by another one.
@Timeout(60)
class AdoptionIT {
    private static final String ANSWER = "while read line; do echo got $line; done; exit 4";

    private TestHost host;

    @BeforeEach
    void makeHost() throws Exception {
        host = new TestHost();
    }

    @AfterEach
    void removeHost() throws Exception {
        assertThat(host.leftBehind()).isEmpty();
        assertThat(host.cgroups()).isEmpty();
        host.close();
    }

    /// Lets a daemon do its work, and kills it.
    private Told killed(Work work) throws Exception {
        try (DoomedDaemon daemon = DoomedDaemon.start(host, work)) {
            return daemon.told();
        }
    }

    private Adopted adopt(String id) throws IOException {
        assertThat(host.runtime().leftovers()).containsExactly(id);
        return host.runtime().adopt(id).orElseThrow();
    }

    private static void write(ContainerProcess process, String text) throws IOException {
        process.stdin().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean runs(int pid) {
        return Files.exists(Path.of("/proc/" + pid + "/exe"));
    }

    /// A process that is there, or is no more.
    private static void kill(int pid, Signal signal) throws IOException {
        try (Pidfd process = Pidfd.open(pid)) {
            process.send(signal);
        } catch (KernelException e) {
            assertThat(e.errno()).isEqualTo(Errno.ESRCH);
        }
    }

    private void edit(String id, String field, String value) throws IOException {
        Path record = host.state().resolve(id).resolve("container");
        String text = Files.readString(record);
        String changed = text.replaceFirst("\"" + field + "\":(\"[^\"]*\"|[0-9]+)", "\"" + field + "\":" + value);
        assertThat(changed).isNotEqualTo(text);
        Files.writeString(record, changed);
    }

    @Test
    void goesOnAsIfNothingHadHappened() throws Exception {
        Told told = killed(Work.of(ANSWER));
        RunningContainer container = adopt(told.id()).container();
        try {
            assertThat(container.id()).isEqualTo(told.id());
            assertThat(container.pid()).isEqualTo(told.pid());
            assertThat(container.startedAt()).isEqualTo(Instant.parse(told.startedAt()));
            assertThat(container.isPaused()).isFalse();
            assertThat(container.processes()).contains(told.pid());
            assertThat(container.root().status("bin/busybox").mode()).isPositive();

            write(container, "this\n");
            TestHost.readUntil(container.stdout(), "got this\n");
            assertThat(TestHost.exec(container, "echo", "inside").output()).isEqualTo("inside\n");

            container.stdin().close();
            assertThat(container.awaitExit().code()).isEqualTo(4);
            assertThat(container.stdout().readAllBytes()).isEmpty();
            container.drained();
        } finally {
            TestHost.remove(container);
        }
    }

    @Test
    void mayHaveEndedWithOutputThatNobodyHasRead() throws Exception {
        Told told = killed(Work.of("trap : USR1; sleep 1000 & wait; head -c 61440 /dev/zero; echo last >&2; exit 6"));
        assertThat(runs(told.pid())).isTrue();
        TestHost.await("the end", () -> {
            kill(told.pid(), new Signal(10)); // lost if it comes before the trap
            return Files.size(host.state().resolve(told.id()).resolve("status")) > 0;
        });
        Instant before = Instant.now();

        RunningContainer container = adopt(told.id()).container();
        try {
            ExitStatus status = container.awaitExit();
            assertThat(status.code()).isEqualTo(6);
            assertThat(status.finishedAt()).isAfter(container.startedAt()).isBefore(before);
            assertThat(container.stdout().readAllBytes()).hasSize(61_440).containsOnly(0);
            assertThat(container.stderr().readAllBytes()).asString().isEqualTo("last\n");
            container.drained();
            assertThat(host.shims(told.id())).isEmpty();
        } finally {
            TestHost.remove(container);
        }
    }

    @Test
    void keepsItsTerminal() throws Exception {
        Told told = killed(Work.of("stty -echo; while read line; do stty size; done", "terminal"));
        RunningContainer container = adopt(told.id()).container();
        try {
            assertThat(container.stderr()).isNull();
            container.resize(41, 103);
            write(container, "\n");
            TestHost.readUntil(container.stdout(), "41 103\r\n");
            write(container, "\u0004"); // ^D
            assertThat(container.awaitExit().code()).isZero();
            container.drained();
        } finally {
            TestHost.remove(container);
        }
    }

    @Test
    void staysPaused() throws Exception {
        Told told = killed(Work.of(ANSWER, "pause"));
        RunningContainer container = adopt(told.id()).container();
        try {
            assertThat(container.isPaused()).isTrue();
            write(container, "while it is frozen\n");
            container.resume();
            TestHost.readUntil(container.stdout(), "got while it is frozen\n");
        } finally {
            TestHost.remove(container);
        }
    }

    @Test
    void hasNoInputThatWasClosedBefore() throws Exception {
        Told told = killed(Work.of("cat; echo at the end; sleep 1000", "close-stdin"));
        RunningContainer container = adopt(told.id()).container();
        try {
            TestHost.readUntil(container.stdout(), "at the end\n");
            assertThat(container.stdin()).isNull();
        } finally {
            TestHost.remove(container);
        }
    }

    @Test
    void keepsItsExecs() throws Exception {
        Told told = killed(Work.of("sleep 1000").executing("read line; echo $line; exit 9", "echo early; exit 3"));
        TestHost.await("the end of the second", () -> !runs(told.execs().getLast()));
        Adopted adopted = adopt(told.id());
        try {
            assertThat(adopted.process().args()).containsExactly("sh", "-c", "sleep 1000");
            assertThat(adopted.execs()).extracting(Adopted.Exec::id).containsExactlyInAnyOrder("exec1", "exec2");
            for (Adopted.Exec each : adopted.execs()) {
                boolean first = each.id().equals("exec1");
                try (ContainerProcess process = each.process()) {
                    assertThat(process.pid()).isEqualTo(told.execs().get(first ? 0 : 1));
                    TestHost.Ended ended = TestHost.end(process, first ? "said later\n" : "");
                    assertThat(ended)
                            .isEqualTo(
                                    first
                                            ? new TestHost.Ended(9, "said later\n", "")
                                            : new TestHost.Ended(3, "early\n", ""));
                }
            }
            assertThat(execFiles(told.id())).isEmpty();
            try (ContainerProcess later = adopted.container()
                    .exec(new ExecLaunch("exec3", TestHost.process(adopted.container(), "true"), false, false))) {
                assertThat(execFiles(told.id())).contains("exec-3.exec"); // numbers are not used again
                assertThat(later.awaitExit().code()).isZero();
                later.drained();
            }
        } finally {
            TestHost.remove(adopted.container());
        }
    }

    private List<String> execFiles(String id) throws IOException {
        try (var files = Files.list(host.state().resolve(id))) {
            return files.map(each -> each.getFileName().toString())
                    .filter(each -> each.startsWith("exec-"))
                    .toList();
        }
    }

    /// As when the daemon is killed between the start of an exec's supervisor and its record.
    @Test
    void losesWhatWasHalfMadeInIt() throws Exception {
        Told told = killed(Work.of(ANSWER).executing("sleep 1000 & sleep 1000 & wait"));
        Files.delete(host.state().resolve(told.id()).resolve("exec-1.exec"));
        assertThat(host.shims(told.id())).hasSize(2);

        Adopted adopted = adopt(told.id());
        try {
            assertThat(adopted.execs()).isEmpty();
            assertThat(runs(told.execs().getFirst())).isFalse();
            TestHost.await(
                    "the end of its supervisor", () -> host.shims(told.id()).size() == 1);
            assertThat(execFiles(told.id())).isEmpty();
            write(adopted.container(), "this\n");
            TestHost.readUntil(adopted.container().stdout(), "got this\n");
        } finally {
            TestHost.remove(adopted.container());
        }
    }

    /// Of a record that is torn, or of nothing, its exec is lost, and not the container.
    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "null", "{\"id\":\"exec1\"}\n7", "{\"id\":\"exec1\",\"shim\":{\"pid\":7}}"})
    void losesAnExecWhoseRecordIsDamaged(String damage) throws Exception {
        Told told = killed(Work.of(ANSWER).executing("sleep 1000", "sleep 1001"));
        Files.writeString(host.state().resolve(told.id()).resolve("exec-1.exec"), damage);
        Files.createFile(host.state().resolve(told.id()).resolve("exec-none.exec"));

        Adopted adopted = adopt(told.id());
        try {
            assertThat(adopted.execs()).extracting(Adopted.Exec::id).containsExactly("exec2");
            adopted.execs().forEach(each -> each.process().close());
            assertThat(runs(told.execs().getFirst())).isFalse();
            assertThat(execFiles(told.id())).contains("exec-2.exec").noneMatch(each -> each.startsWith("exec-1"));
            assertThat(execFiles(told.id())).doesNotContain("exec-none.exec");
            write(adopted.container(), "this\n");
            TestHost.readUntil(adopted.container().stdout(), "got this\n");
        } finally {
            TestHost.remove(adopted.container());
        }
    }

    /// It is not taken for one that was half-made.
    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "null", "{\"shim\":"})
    void isNotTakenBackByADamagedRecord(String damage) throws Exception {
        Told told = killed(Work.of("sleep 1000"));
        Path record = Files.writeString(host.state().resolve(told.id()).resolve("container"), damage);

        assertThatThrownBy(() -> host.runtime().adopt(told.id()))
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith(record.toString());
        host.runtime().discard(told.id());
        TestHost.await("its end", () -> !runs(told.pid()));
    }

    /// Their names are given again.
    @Test
    void keepsNoFileOfExecsOfAnotherRuntime() throws Exception {
        assumeTrue(Files.isExecutable(DoomedDaemon.RUNC), "host: " + DoomedDaemon.RUNC + " is not there");
        Told told = killed(Work.of("sleep 1000", "runc").executing("read line; exit 9"));
        String bundle = told.id() + "/oci";
        // as when the daemon is killed before its record
        Files.createFile(host.state().resolve(bundle).resolve("exec-2.json"));

        Adopted adopted = adopt(told.id());
        try {
            assertThat(TestHost.exec(adopted.container(), "echo", "inside").output())
                    .isEqualTo("inside\n");
            try (ContainerProcess process = adopted.execs().getFirst().process()) {
                assertThat(TestHost.end(process, "a line\n").code()).isEqualTo(9);
            }
            assertThat(execFiles(bundle)).isEmpty();
        } finally {
            TestHost.remove(adopted.container());
        }
    }

    @Test
    void isDiscardedWhenItWasHalfMade() throws Exception {
        Told told = killed(Work.of("sleep 1000"));
        Files.delete(host.state().resolve(told.id()).resolve("container"));

        assertThat(host.runtime().adopt(told.id())).isEmpty();
        assertThat(runs(told.pid())).isTrue(); // until it is discarded
        host.runtime().discard(told.id());
        TestHost.await("its end", () -> !runs(told.pid()));
    }

    @Test
    void isNotLookedForInAnotherBoot() throws Exception {
        Told told = killed(Work.of("sleep 1000"));
        edit(told.id(), "boot", "\"11111111-2222-3333-4444-555555555555\"");

        assertThat(host.runtime().adopt(told.id())).isEmpty();
        host.runtime().discard(told.id());
    }

    @Test
    void hasAnUnknownEndWhenItsSupervisorWasKilled() throws Exception {
        Told told = killed(Work.of("sleep 1000"));
        kill(host.shims(told.id()).getFirst(), Signal.KILL);
        TestHost.await("the end of its supervisor", () -> host.shims(told.id()).isEmpty());

        RunningContainer container = adopt(told.id()).container();
        try {
            assertThat(container.awaitExit().code()).isEqualTo(ExitStatus.UNKNOWN);
            assertThat(container.stdout().readAllBytes()).isEmpty();
            container.drained();
        } finally {
            TestHost.remove(container);
        }
        TestHost.await("its end", () -> !runs(told.pid()));
    }

    /// A process that has got the supervisor's number since then is none of ours.
    @Test
    void doesNotTakeAnotherProcessForItsSupervisor() throws Exception {
        Told told = killed(Work.of("sleep 1000"));
        java.lang.Process stranger = new ProcessBuilder("sleep", "1000").start();
        try {
            edit(told.id(), "startTime", "1"); // what the number stood for then
            edit(told.id(), "pid", Long.toString(stranger.pid()));
            RunningContainer container = adopt(told.id()).container();
            try {
                assertThat(container.awaitExit().code()).isEqualTo(ExitStatus.UNKNOWN);
                container.drained();
            } finally {
                TestHost.remove(container);
            }
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
            assertThat(stranger.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
