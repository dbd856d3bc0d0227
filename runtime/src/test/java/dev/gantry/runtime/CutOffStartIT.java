package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.kernel.Signal;
import dev.gantry.runtime.DoomedDaemon.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Starts that the death of the daemon cuts off: no command is executed that no daemon would know of.
@Timeout(60)
class CutOffStartIT {
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

    /// A daemon at work until it is about to make a record count.
    private void dies(Work work, String record) throws Exception {
        try (DoomedDaemon daemon = DoomedDaemon.dyingBeforeRecord(host, work, record)) {
            daemon.awaitEnd(file(record + ".new"));
        }
        assertThat(file(record)).doesNotExist();
    }

    private Path file(String name) {
        return host.state().resolve(DoomedDaemon.ID).resolve(name);
    }

    /// What the commands, if they run, write to their root.
    private boolean hasRun(String name) {
        return Files.exists(host.state().resolveSibling("upper").resolve(name));
    }

    /// Until a process whose daemon has died has ended, too.
    private void awaitEnd(String status) throws Exception {
        TestHost.await("the end", () -> Files.size(file(status)) > 0);
    }

    /// The daemon dies between the record and what it tells the process, or before both.
    private void finish(boolean recorded, String record) throws IOException {
        if (recorded) {
            Files.move(file(record + ".new"), file(record));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ofAContainerHaveNotBegun(boolean recorded) throws Exception {
        dies(Work.of("touch /ran; sleep 1000"), "container");
        finish(recorded, "container");
        awaitEnd("status");

        assertThat(host.runtime().leftovers()).containsExactly(DoomedDaemon.ID);
        assertThat(host.runtime().adopt(DoomedDaemon.ID)).isEmpty();
        host.runtime().discard(DoomedDaemon.ID);
        assertThat(hasRun("ran")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ofAnExecHaveNotBegun(boolean recorded) throws Exception {
        dies(Work.of("touch /ran; sleep 1000").executing("touch /executed; sleep 1000"), "exec-1.exec");
        finish(recorded, "exec-1.exec");
        awaitEnd("exec-1");

        Adopted adopted = host.runtime().adopt(DoomedDaemon.ID).orElseThrow();
        try (RunningContainer container = adopted.container()) {
            assertThat(adopted.execs()).isEmpty();
            assertThat(hasRun("ran")).isTrue();
            assertThat(hasRun("executed")).isFalse();
            TestHost.await(
                    "the end of the exec's supervisor",
                    () -> host.shims(DoomedDaemon.ID).size() == 1);
            assertThat(TestHost.exec(container, "echo", "inside").output()).isEqualTo("inside\n");
            container.kill(Signal.KILL);
            container.awaitExit();
            TestHost.remove(container);
        }
    }

    /// The shim of a daemon that knew no such event is that of a process that was recorded.
    @Test
    void areTakenBackFromADaemonThatDidNotWait() throws Exception {
        try (DoomedDaemon daemon = DoomedDaemon.start(host, Work.of("touch /ran; sleep 1000"))) {
            daemon.told();
        }
        String text = Files.readString(file("container"));
        String older = text.replaceFirst("\"recorded\":[0-9]+,?", "");
        assertThat(older).isNotEqualTo(text);
        Files.writeString(file("container"), older);

        Adopted adopted = host.runtime().adopt(DoomedDaemon.ID).orElseThrow();
        try (RunningContainer container = adopted.container()) {
            assertThat(container.processes()).isNotEmpty();
            TestHost.remove(container);
        }
    }
}
