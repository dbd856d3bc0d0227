package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// create, start, stop, kill, restart, rename, pause, rm.
@EverySetup
class LifecycleIT extends EndToEnd {
    private static final String STUBBORN = "trap '' TERM; echo ready; while :; do sleep 0.05; done";

    @Test
    void stopSendsTermAndThenKillAfterTheGracePeriod() throws IOException {
        String name = background(STUBBORN);
        awaitLog(name, "ready");
        Instant start = Instant.now();
        assertThat(ok("stop", "-t", "1", name)).isEqualTo(name);
        assertThat(Duration.between(start, Instant.now())).isBetween(Duration.ofMillis(900), Duration.ofSeconds(8));
        assertThat(inspect(name).at("/State/ExitCode").asInt()).isEqualTo(137);
    }

    @Test
    void stopWaitsForACleanEnd() throws IOException {
        String name = background("trap 'sleep 0.3; exit 5' TERM; echo ready; while :; do sleep 0.05; done");
        awaitLog(name, "ready");
        ok("stop", name);
        assertThat(inspect(name).at("/State/ExitCode").asInt()).isEqualTo(5);
    }

    @Test
    void stopUsesTheStopSignalAndTimeoutOfTheContainer() throws IOException {
        String name = background(
                "trap 'exit 6' USR1; trap '' TERM; echo ready; while :; do sleep 0.05; done",
                "--stop-signal",
                "SIGUSR1");
        awaitLog(name, "ready");
        ok("stop", name);
        assertThat(inspect(name).at("/State/ExitCode").asInt()).isEqualTo(6);
        String stubborn = background(STUBBORN, "--stop-timeout", "1");
        awaitLog(stubborn, "ready");
        Instant start = Instant.now();
        ok("stop", stubborn);
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(8));
    }

    @Test
    void stopOfAStoppedContainerIsNoError() throws IOException {
        String name = background("true");
        ok("wait", name);
        assertThat(ok("stop", name)).isEqualTo(name);
    }

    @Test
    void killSendsTheSignalAskedFor() throws IOException {
        String name = background("trap 'echo usr1' USR1; trap 'exit 12' INT; echo ready; while :; do sleep 0.05; done");
        awaitLog(name, "ready");
        ok("kill", "-s", "USR1", name);
        awaitLog(name, "usr1");
        ok("kill", "--signal", "2", name);
        assertThat(ok("wait", name)).isEqualTo("12");
    }

    @Test
    void killRefusesWhatDoesNotRunAndWhatIsNoSignal() throws IOException {
        String name = background("true");
        ok("wait", name);
        assertThat(fails(1, "kill", name)).contains("is not running");
        String running = background("sleep 60");
        assertThat(fails(1, "kill", "-s", "NONSENSE", running)).containsIgnoringCase("invalid signal: NONSENSE");
    }

    @Test
    void aFirstStartFindsWhatEveryContainerHasAndALaterOneWhatIsLeft() throws IOException {
        String name = background("ls /.dockerenv; readlink /etc/mtab; rm -f /.dockerenv /etc/mtab");
        ok("wait", name);
        ok("start", name);
        ok("wait", name);
        assertThat(ok("logs", name)).isEqualTo("/.dockerenv\n/proc/mounts");
    }

    @Test
    void restartRunsTheSameContainerAgain() throws IOException {
        String name = background("date +%s%N >> /tmp/starts; sleep 60");
        awaitStarts(name, 1);
        JsonNode before = inspect(name);
        ok("restart", "-t", "0", name);
        awaitRunning(name);
        JsonNode after = inspect(name);
        assertThat(after.at("/State/Pid").asInt())
                .isNotEqualTo(before.at("/State/Pid").asInt());
        assertThat(after.at("/State/StartedAt").asString())
                .isGreaterThan(before.at("/State/StartedAt").asString());
        awaitStarts(name, 2);
    }

    private void awaitStarts(String name, int starts) {
        Waiting.until(
                () -> ok("exec", name, "cat", "/tmp/starts").lines().count() == starts,
                () -> "the file system is not kept");
    }

    @Test
    void startOfARunningContainerIsNoError() throws IOException {
        String name = background("sleep 60");
        assertThat(ok("start", name)).isEqualTo(name);
    }

    @Test
    void renameChangesTheNameAtOnce() throws IOException {
        String name = background("sleep 60");
        String other = newName();
        ok("rename", name, other);
        assertThat(inspect(other).at("/Name").asString()).isEqualTo("/" + other);
        assertThat(fails(1, "rename", "nobody", newName())).containsIgnoringCase("no such container: nobody");
        String third = background("sleep 60");
        assertThat(fails(1, "rename", third, other)).contains("is already in use by container");
    }

    @Test
    void pauseStopsEveryProcessUntilUnpause() throws IOException {
        String name = background("i=0; while :; do i=$((i + 1)); echo $i > /tmp/count; sleep 0.01; done");
        Waiting.until(() -> call("exec", name, "cat", "/tmp/count").exit() == 0, () -> "does not count");
        ok("pause", name);
        JsonNode state = inspect(name).at("/State");
        assertThat(state.at("/Status").asString()).isEqualTo("paused");
        assertThat(state.at("/Paused").asBoolean()).isTrue();
        assertThat(state.at("/Running").asBoolean()).isTrue();
        assertThat(fails(1, "pause", name)).contains("is already paused");
        ok("unpause", name);
        assertThat(status(name)).isEqualTo("running");
        assertThat(fails(1, "unpause", name)).contains("is not paused");
    }

    @Test
    void aPausedContainerCanBeStoppedAndRemoved() throws IOException {
        String name = background("sleep 60");
        ok("pause", name);
        ok("stop", "-t", "0", name);
        assertThat(status(name)).isEqualTo("exited");
        String other = background("sleep 60");
        ok("pause", other);
        ok("rm", "-f", other);
    }

    @Test
    void removeRefusesARunningContainerUnlessForced() throws IOException {
        String name = background("sleep 60");
        assertThat(fails(1, "rm", name)).containsIgnoringCase("cannot remove").contains("running");
        assertThat(ok("rm", "-f", name)).isEqualTo(name);
        assertThat(status(name)).isEmpty();
    }

    @Test
    void removesAutomaticallyWithTheFlag() throws IOException {
        String name = newName();
        ok("run", "--rm", "--name", name, IMAGE, "true");
        assertThat(status(name)).isEmpty();
        String background = background("sleep 60", "--rm");
        ok("stop", "-t", "0", background);
        Waiting.until(() -> status(background).isEmpty(), () -> "not removed");
    }

    @Test
    void removesAutomaticallyWhatCannotBeRestarted() throws IOException {
        assumeTrue(setup.onGantry(), "beside: dockerd 20.10 removes such a container at times while it restarts it");
        String name = background("exec tail -f /dev/null", "--rm");
        Waiting.until(() -> ok("top", name).contains("tail"), () -> "it does not begin");
        ok("restart", "-t", "0", name);
        Waiting.until(() -> ok("top", name).contains("tail"), () -> "it does not begin again");
        ok("exec", name, "rm", "/bin/sh");
        assertThat(fails(1, "restart", "-t", "0", name)).contains("sh");
        Waiting.until(() -> status(name).isEmpty(), () -> "not removed");
    }

    @Test
    void writesTheContainersIdToAFile() throws IOException {
        Path file = setup.daemon().directory().resolve(newName());
        String name = background("sleep 60", "--cidfile", file.toString());
        assertThat(Files.readString(file)).isEqualTo(inspect(name).at("/Id").asString());
        assertThat(fails(125, "run", "--cidfile", file.toString(), IMAGE, "true"))
                .contains("container ID file found");
    }

    @Test
    void aContainerIsFoundByNameIdAndPrefix() throws IOException {
        String name = background("sleep 60");
        String id = inspect(name).at("/Id").asString();
        for (String reference : new String[] {name, "/" + name, id, id.substring(0, 12), id.substring(0, 6)}) {
            assertThat(ok("inspect", "-f", "{{.Id}}", reference)).isEqualTo(id);
        }
    }

    @Test
    void createPrintsTheIdAndStartsNothing() throws IOException {
        String id = ok("create", IMAGE, "echo", "x");
        assertThat(id).matches("[0-9a-f]{64}");
        assertThat(status(id)).isEqualTo("created");
        assertThat(logOf(id)).isEmpty();
    }

    @Test
    void changesOfTheFileSystemAreKeptUntilRemoval() throws IOException {
        String name = background("test -e /kept && echo kept; touch /kept");
        ok("wait", name);
        ok("start", name);
        ok("wait", name);
        assertThat(logOf(name)).isEqualTo("kept\n");
        assertThat(inside("test -e /kept || echo fresh")).isEqualTo("fresh");
    }
}
