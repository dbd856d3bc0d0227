package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `run` ends with.
@EverySetup
class ExitCodesIT extends EndToEnd {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 42, 125, 255})
    void areTheContainersOwn(int code) throws IOException {
        fails(code, "run", "--rm", IMAGE, "sh", "-c", "exit " + code);
    }

    @Test
    void are128PlusTheSignalThatKilled() throws IOException {
        String name = newName();
        try (Command run = setup.client().start("run", "--name", name, IMAGE, "sleep", "60")) {
            awaitRunning(name);
            ok("kill", name);
            assertThat(run.await().exit()).isEqualTo(137);
        }
        assertThat(inspect(name).at("/State/ExitCode").asInt()).isEqualTo(137);
    }

    @Test
    void are125WhenTheDaemonRefuses() throws IOException {
        fails(125, "run", "--rm", "--name", "no/such name", IMAGE, "true");
    }

    @Test
    void are125ForAFlagThatDoesNotExist() throws IOException {
        assertThat(fails(125, "run", "--no-such-flag", IMAGE, "true")).contains("unknown flag: --no-such-flag");
    }

    @Test
    void are126WhenTheCommandCannotBeExecuted() throws IOException {
        assertThat(fails(126, "run", "--rm", IMAGE, "/etc/passwd")).contains("permission denied");
    }

    @Test
    void are127WhenTheCommandIsNotFound() throws IOException {
        assertThat(fails(127, "run", "--rm", IMAGE, "no-such-command")).contains("executable file not found in $PATH");
    }

    /// The first of the directories of `PATH` is there, but no command.
    @ParameterizedTest
    @ValueSource(strings = {"", ".", ".."})
    void are127WhenTheSearchFindsADirectory(String command) throws IOException {
        assertThat(fails(127, "run", "--rm", IMAGE, command))
                .contains("exec: \"" + command + "\": executable file not found in $PATH");
    }

    @Test
    void comeBackThroughWait() throws IOException {
        String name = background("exit 7");
        assertThat(ok("wait", name)).isEqualTo("7");
        assertThat(inspect(name).at("/State/ExitCode").asInt()).isEqualTo(7);
    }

    @Test
    void comeBackThroughStartAttached() throws IOException {
        String name = newName();
        ok("create", "--name", name, IMAGE, "sh", "-c", "echo out; echo err >&2; exit 5");
        Result result = call("start", "-a", name);
        assertThat(result.exit()).isEqualTo(5);
        assertThat(result.out()).isEqualTo("out\n");
        assertThat(result.err()).isEqualTo("err\n");
    }

    @Test
    void ofSeveralContainersComeBackInOrder() throws IOException {
        String first = background("exit 3");
        String second = background("exit 4");
        assertThat(ok("wait", first, second)).isEqualTo("3\n4");
    }

    @Test
    void waitForAContainerThatStillRuns() throws IOException {
        String name =
                background("read x < /tmp/end || while [ ! -e /tmp/end ]; do sleep 0.05; done; sleep 0.3; exit 9");
        try (Command wait = setup.client().start("wait", name)) {
            ok("exec", name, "touch", "/tmp/end");
            assertThat(wait.await(Duration.ofSeconds(20)).out().strip()).isEqualTo("9");
        }
    }
}
