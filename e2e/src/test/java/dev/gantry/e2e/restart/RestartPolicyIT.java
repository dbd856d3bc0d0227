package dev.gantry.e2e.restart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.Command;
import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EverySetup;
import dev.gantry.e2e.Waiting;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// `--restart`: what ends is started again, unless its user wants it to stop.
@EverySetup
class RestartPolicyIT extends EndToEnd {
    private static final String FAIL = "echo started; exit 3";
    private static final String END_AT_ONCE = "[ -e /tmp/second ] || { touch /tmp/second; exit 0; }; exec sleep 60";

    /// Goes on a moment after `touch /tmp/go`, which ends before the container does.
    private static final String UNTIL_TOLD = "while [ ! -e /tmp/go ]; do sleep 0.05; done; sleep 0.3; ";

    private int restarts(String name) throws IOException {
        return inspect(name).at("/RestartCount").asInt();
    }

    private void awaitRestarts(String name, int count) {
        Waiting.until(() -> restarts(name) >= count, () -> setup + ": " + name + " is not started again");
    }

    /// Fails until the time before the next start is longer than a client needs for some questions: 0.1 s, doubled each
    /// time.
    private String waiting(int restarts) throws IOException {
        String name = background(FAIL, "--restart", "always");
        awaitRestarts(name, restarts);
        awaitStatus(name, "restarting");
        return name;
    }

    @Test
    void alwaysStartsAgainWhateverTheExitCode() throws IOException {
        String name = background(END_AT_ONCE, "--restart", "always");
        awaitRestarts(name, 1);
        awaitRunning(name);

        assertThat(inspect(name).at("/HostConfig/RestartPolicy/Name").asString())
                .isEqualTo("always");
        assertThat(restarts(name)).isEqualTo(1);
        assertThat(ok("ps", "--filter", "name=" + name, "--format", "{{.State}}"))
                .isEqualTo("running");
    }

    @Test
    void onFailureCountsItsTries() throws IOException {
        String name = background(FAIL, "--restart", "on-failure:2");
        awaitStatus(name, "exited");

        assertThat(restarts(name)).isEqualTo(2);
        assertThat(inspect(name).at("/State/ExitCode").asInt()).isEqualTo(3);
        assertThat(inspect(name).at("/State/Restarting").asBoolean()).isFalse();
        assertThat(logOf(name)).isEqualTo("started\n".repeat(3));

        ok("start", name);
        Waiting.until(() -> logOf(name).equals("started\n".repeat(6)), () -> setup + ": it does not begin anew");
    }

    @Test
    void onFailureLeavesSuccessAlone() throws IOException {
        String name = background("echo started", "--restart", "on-failure");
        awaitStatus(name, "exited");

        assertThat(restarts(name)).isZero();
        assertThat(logOf(name)).isEqualTo("started\n");
    }

    @Test
    void whatIsToBeStartedAgainCountsAsRunning() throws IOException {
        String name = waiting(7);

        assertThat(inspect(name).at("/State/Running").asBoolean()).isTrue();
        assertThat(inspect(name).at("/State/Restarting").asBoolean()).isTrue();
        assertThat(inspect(name).at("/State/Pid").asInt()).isZero();
        assertThat(ok("ps", "--filter", "status=restarting", "--format", "{{.Names}} {{.Status}}"))
                .matches(name + " Restarting \\(3\\) .+ ago");
        assertThat(ok("container", "prune", "-f"))
                .doesNotContain(inspect(name).at("/Id").asString());

        // what needs a process is refused
        assertThat(fails(1, "exec", name, "true")).contains("is restarting, wait until the container is running");
        assertThat(fails(1, "pause", name)).contains("is restarting, wait until the container is running");
        assertThat(fails(1, "attach", name)).containsIgnoringCase("restarting container");
        assertThat(fails(1, "rm", name)).containsIgnoringCase("container");
        assertThat(status(name)).isEqualTo("restarting");
        ok("rm", "-f", name);
        assertThat(status(name)).isEmpty();
    }

    @Test
    void stoppingEndsTheRestarts() throws IOException {
        String name = background("echo started; exec sleep 60", "--restart", "unless-stopped");
        awaitLog(name, "started");
        ok("stop", "-t", "0", name);
        String killed = background("echo started; exec sleep 60", "--restart", "always");
        awaitLog(killed, "started");
        ok("kill", killed);
        String waiting = waiting(4);
        ok("kill", waiting);
        awaitStatus(waiting, "exited");
        String alsoWaiting = waiting(4);
        ok("stop", alsoWaiting);
        assertThat(status(alsoWaiting)).isEqualTo("exited");
        assertThat(inspect(alsoWaiting).at("/State/ExitCode").asInt()).isEqualTo(3);

        assertThat(status(name)).isEqualTo("exited");
        awaitStatus(killed, "exited");
        String after = background("true");
        assertThat(ok("wait", after)).isEqualTo("0");
        assertThat(logOf(name) + logOf(killed)).isEqualTo("started\n".repeat(2));
        assertThat(restarts(name) + restarts(killed)).isZero();
    }

    @Test
    void restartingByHandIsNoRestartOfThePolicy() throws IOException {
        String name = background("echo started; exec sleep 60", "--restart", "always");
        awaitLog(name, "started");
        ok("restart", "-t", "0", name);
        awaitRunning(name);
        assertThat(restarts(name)).isZero();

        String waiting = waiting(6);
        ok("restart", waiting);
        Waiting.until(() -> restarts(waiting) < 6, () -> setup + ": the restarts are counted on");
    }

    @Test
    void policyThatChangesCountsFromTheNextEnd() throws IOException {
        String name = background(UNTIL_TOLD + "rm /tmp/go", "--restart", "always");
        ok("update", "--restart", "no", name);
        ok("exec", name, "touch", "/tmp/go");
        assertThat(ok("wait", name)).isEqualTo("0");
        awaitStatus(name, "exited");

        ok("update", "--restart", "unless-stopped", name);
        ok("start", name);
        ok("exec", name, "touch", "/tmp/go");
        awaitRestarts(name, 1);
    }

    @Test
    void aPolicyThatComesWhileItIsStoppedDoesNotStartIt() throws IOException {
        String name = background(
                "trap 'echo asked; " + UNTIL_TOLD + "exit 0' TERM; echo started; " + "while :; do sleep 0.05; done");
        awaitLog(name, "started");
        try (Command stop = setup.client().start("stop", "-t", "60", name)) {
            awaitLog(name, "asked");
            ok("update", "--restart", "always", name);
            ok("exec", name, "touch", "/tmp/go");
            assertThat(stop.await().exit()).isZero();
        }
        String after = background("true");
        assertThat(ok("wait", after)).isEqualTo("0");
        assertThat(status(name)).isEqualTo("exited");
        assertThat(logOf(name)).isEqualTo("started\nasked\n");
    }

    @Test
    void clientsInTheForegroundAreLetGoAtTheFirstEnd() throws IOException {
        String name = newName();

        assertThat(call("run", "--name", name, "--restart", "on-failure:1", IMAGE, "sh", "-c", FAIL))
                .satisfies(result -> {
                    assertThat(result.exit()).isEqualTo(3);
                    assertThat(result.out()).isEqualTo("started\n");
                });
        Waiting.until(() -> logOf(name).equals("started\n".repeat(2)), () -> setup + ": it is not started again");
    }

    private String actions(String id) throws IOException {
        String until = Long.toString(Instant.now().getEpochSecond() + 1);
        return ok(
                "events", "--since", "10m", "--until", until, "--filter", "container=" + id, "--format", "{{.Action}}");
    }

    @Test
    void eventsTellEachEndAndStart() throws IOException {
        String name = background(FAIL, "--restart", "on-failure:1");
        awaitStatus(name, "exited");

        String id = inspect(name).at("/Id").asString();
        Waiting.until(() -> actions(id).equals("create\nstart\ndie\nstart\ndie"), () -> setup + ": events are missing");
    }

    @Test
    void whatCannotBeStartedAgainTellsWhy() throws IOException {
        String script = "echo started; " + UNTIL_TOLD + "rm /bin/sh";
        String broken = background(script, "--restart", "always");
        awaitLog(broken, "started");
        ok("exec", broken, "touch", "/tmp/go");
        awaitStatus(broken, "exited");

        assertThat(inspect(broken).at("/State/Error").asString()).contains("sh");
        if (setup.onGantry()) { // dockerd keeps the code of the run before
            assertThat(inspect(broken).at("/State/ExitCode").asInt()).isEqualTo(127);
        }
    }
}
