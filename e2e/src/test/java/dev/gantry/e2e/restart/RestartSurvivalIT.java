package dev.gantry.e2e.restart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.Command;
import dev.gantry.e2e.DoomedDaemon;
import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Restart policies when the daemon dies, and when the host starts again.
class RestartSurvivalIT extends DoomedDaemon {
    private static final String SLEEP = "echo started; exec sleep 1000";

    private String status(String name) throws IOException {
        return inspected(name).at("/State/Status").asString();
    }

    private void awaitStatus(String name, String status) {
        Waiting.until(() -> status(name).equals(status), () -> name + " does not become " + status);
    }

    private int restarts(String name) throws IOException {
        return inspected(name).at("/RestartCount").asInt();
    }

    @Test
    void whatWaitsForItsNextStartIsStartedByTheNextDaemon() throws IOException {
        run("fails", "echo started; exit 3", "--restart", "always");
        Waiting.until(() -> restarts("fails") >= 6, () -> "it is not started again");
        awaitStatus("fails", "restarting");
        int before = restarts("fails");

        die();

        Waiting.until(() -> restarts("fails") > before, () -> "it is forgotten");
        ok("stop", "fails");
        // one more is counted than was done, if it waited for it
        assertThat(restarts("fails") - ok("logs", "fails").lines().count()).isIn(-1L, 0L);
    }

    @Test
    void whatEndsMeanwhileIsStartedAgain() throws IOException {
        Path signal = Files.createDirectory(daemon.directory().resolve("signal"));
        String once = "echo started; while [ ! -e /signal/go ]; do sleep 0.05; done; rm /signal/go; exit 4";
        run("ends", once, "--restart", "on-failure:1", "-v", signal + ":/signal");
        int pid = inspected("ends").at("/State/Pid").asInt();
        daemon.end("KILL");
        Files.createFile(signal.resolve("go"));
        Waiting.until(() -> !Files.exists(Path.of("/proc/" + pid + "/exe")), () -> "it does not end");
        daemon.startAgain();

        Waiting.until(() -> restarts("ends") == 1 && status("ends").equals("running"), () -> "it is not started again");
        assertThat(ok("logs", "ends")).isEqualTo("started\nstarted");
        Files.createFile(signal.resolve("go"));
        awaitStatus("ends", "exited");
        assertThat(inspected("ends").at("/State/ExitCode").asInt()).isEqualTo(4);
    }

    @Test
    void whatItsUserHasStoppedStaysSo() throws IOException {
        run("unless", SLEEP, "--restart", "unless-stopped");
        run("always", SLEEP, "--restart", "always");
        run("failure", SLEEP, "--restart", "on-failure");
        ok("stop", "-t", "0", "unless", "always", "failure");

        die();

        // as Docker's manual has it: this policy alone has it started with the daemon
        awaitStatus("always", "running");
        assertThat(status("unless")).isEqualTo("exited");
        assertThat(status("failure")).isEqualTo("exited");
    }

    @Test
    void whatWasStoppedBeforeItHadAPolicyStaysSo() throws IOException {
        run("stopped", SLEEP);
        run("ended", "exit 3");
        ok("stop", "-t", "0", "stopped");
        ok("wait", "ended");
        ok("update", "--restart", "unless-stopped", "stopped", "ended");

        die();

        Waiting.until(() -> restarts("ended") > 0, () -> "it is not started with the daemon");
        assertThat(status("stopped")).isEqualTo("exited");
    }

    @Test
    void aStopThatTheDaemonDoesNotSurviveCountsAsOne() throws IOException {
        run(
                "slow",
                "trap 'sleep 1; exit 0' TERM; echo started; while :; do sleep 0.05; done",
                "--restart",
                "unless-stopped");
        Waiting.until(() -> ok("logs", "slow").equals("started"), () -> "it does not start");
        int pid = inspected("slow").at("/State/Pid").asInt();
        try (Command stop = docker.start("stop", "slow")) {
            Waiting.until(
                    () -> ok("events", "--since", "5m", "--until", "0s", "--format", "{{.Action}}")
                            .contains("kill"),
                    () -> "the signal is not sent");
            daemon.end("KILL");
            stop.await();
        }
        Waiting.until(() -> !Files.exists(Path.of("/proc/" + pid + "/exe")), () -> "it does not end");
        daemon.startAgain();

        awaitStatus("slow", "exited");
        assertThat(ok("logs", "slow")).isEqualTo("started");
    }

    @Test
    void theHostsStartBringsBackWhatRan() throws IOException {
        run("always", SLEEP, "--restart", "always");
        run("joined", SLEEP, "--restart", "unless-stopped");
        run(
                "first",
                SLEEP,
                "--restart",
                "unless-stopped",
                "--network",
                "container:joined",
                "--pid",
                "container:joined");
        run("failure", SLEEP, "--restart", "on-failure");
        run("stopped", SLEEP, "--restart", "unless-stopped");
        run("never", SLEEP, "--restart", "no");
        ok("create", "--name", "created", "--restart", "always", EndToEnd.IMAGE, "true");
        ok("stop", "-t", "0", "stopped");

        reboot();

        for (String name : List.of("always", "joined", "first", "failure")) {
            awaitStatus(name, "running");
        }
        assertThat(status("stopped")).isEqualTo("exited");
        assertThat(status("never")).isEqualTo("exited");
        assertThat(status("created")).isEqualTo("created");
        assertThat(inspected("first").at("/State/Error").asString()).isEmpty();
    }

    @Test
    void aDaemonThatStopsItsContainersIsNotTheirUser() throws IOException {
        daemon.close();
        start("--live-restore=false");
        run("unless", SLEEP, "--restart", "unless-stopped");
        run("never", SLEEP, "--restart", "no");
        int pid = inspected("unless").at("/State/Pid").asInt();

        daemon.end("TERM");
        assertThat(Path.of("/proc/" + pid + "/exe")).doesNotExist();
        daemon.startAgain();

        awaitStatus("unless", "running");
        assertThat(restarts("unless")).isZero();
        assertThat(status("never")).isEqualTo("exited");
    }
}
