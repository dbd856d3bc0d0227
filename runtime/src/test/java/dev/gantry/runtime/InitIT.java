package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.kernel.Signal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The small init of `--init`.
@Timeout(60)
class InitIT {
    private TestHost host;

    @BeforeEach
    void makeHost() throws Exception {
        host = new TestHost();
    }

    @AfterEach
    void removeHost() throws Exception {
        host.close();
    }

    private RunningContainer start(String... command) throws Exception {
        return host.start(host.launch(TestHost.spec(command), true));
    }

    @Test
    void endsWithTheCommandsExitCode() throws Exception {
        TestHost.Ended ended = host.run(host.launch(TestHost.spec("sh", "-c", "echo $$; echo err >&2; exit 42"), true));

        assertThat(ended).isEqualTo(new TestHost.Ended(42, "2\n", "err\n"));
    }

    @Test
    void endsWith128AndTheSignalThatEndedTheCommand() throws Exception {
        assertThat(host.run(host.launch(TestHost.spec("sh", "-c", "kill -SEGV $$"), true))
                        .code())
                .isEqualTo(139);
    }

    @Test
    void forwardsSignals() throws Exception {
        RunningContainer container =
                start("sh", "-c", "trap 'echo got; exit 5' TERM; echo ready; while :; do sleep 0.02; done");
        TestHost.readUntil(container.stdout(), "ready\n");
        container.kill(Signal.TERMINATE);

        assertThat(TestHost.readUntil(container.stdout(), "\n")).isEqualTo("got\n");
        assertThat(container.awaitExit().code()).isEqualTo(5);
        TestHost.remove(container);
    }

    /// Process 1 would ignore a signal that it has no handler for; with an init in front the command does not.
    @Test
    void letsSignalsHaveTheirDefaultEffect() throws Exception {
        RunningContainer container = start("sleep", "1000");
        container.kill(Signal.TERMINATE);

        assertThat(container.awaitExit().code()).isEqualTo(143);
        TestHost.remove(container);
    }

    @Test
    void reapsOrphans() throws Exception {
        RunningContainer container = start("sleep", "1000");
        assertThat(TestHost.exec(container, "sh", "-c", "sleep 0.1 & sleep 0.2 & exit 3")
                        .code())
                .isEqualTo(3);

        // the init, the command and ps itself
        TestHost.await("orphans to be reaped", () -> {
            try {
                String processes =
                        TestHost.exec(container, "ps", "-o", "pid,stat,comm").output();
                return processes.lines().count() == 4 && !processes.contains("Z");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        TestHost.remove(container);
    }

    @Test
    void namesACommandThatDoesNotExist() throws Exception {
        LaunchException failure =
                org.assertj.core.api.Assertions.catchThrowableOfType(LaunchException.class, () -> start("nope"));

        assertThat(failure).hasMessage("exec: \"nope\": executable file not found in $PATH");
        assertThat(host.leftBehind()).isEmpty();
        assertThat(host.cgroups()).isEmpty();
    }

    @Test
    void keepsNoDescriptorButTheStandardOnes() throws Exception {
        RunningContainer container = start("sleep", "1000");

        assertThat(TestHost.exec(container, "ls", "/proc/1/fd").output()).isEqualTo("0\n1\n2\n");
        TestHost.remove(container);
    }
}
