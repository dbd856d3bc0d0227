package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// `attach`, the detach keys, and which signals reach the container.
@EverySetup
class AttachIT extends EndToEnd {
    private static final String ECHO = "echo ready; while read line; do echo \"got $line\"; done; echo end";

    @Test
    void showsOutputFromThenOn() throws IOException {
        String name = background(ECHO, "-i");
        awaitLog(name, "ready");
        try (Command attach = setup.client().start("attach", name)) {
            type(attach, "one\n");
            attach.awaitOutput("got one");
            assertThat(attach.outSoFar()).doesNotContain("ready");
        }
    }

    @Test
    void endsWithTheContainersExitCode() throws IOException {
        String name = background("read code; exit $code", "-i");
        try (Command attach = setup.client().start("attach", name)) {
            type(attach, "6\n");
            assertThat(attach.await().exit()).isEqualTo(6);
        }
    }

    @Test
    void closesTheContainersInputAtTheEndOfItsOwn() throws IOException {
        Result result = setup.client().callWithInput(bytes("a\nb\n"), "run", "--rm", "-i", IMAGE, "sh", "-c", ECHO);
        assertThat(result.out()).isEqualTo("ready\ngot a\ngot b\nend\n");
    }

    @Test
    void leavesTheContainerAloneWithoutStandardInput() throws IOException {
        String name = background(ECHO, "-i");
        awaitLog(name, "ready");
        try (Command attach = setup.client().start("attach", "--no-stdin", "--sig-proxy=false", name)) {
            Waiting.until(() -> attach.running(), () -> "attach ended");
            attach.signal("KILL");
            attach.await();
        }
        assertThat(status(name)).isEqualTo("running");
    }

    @Test
    void detachesWithTheUsualKeys() throws IOException {
        String name = newName();
        try (PtyCommand run = setup.client().startOnTerminal("run", "-it", "--name", name, IMAGE, "sh")) {
            run.awaitOutput("# ");
            run.type("\u0010\u0011");
            assertThat(run.await().exit()).isZero();
        }
        assertThat(status(name)).isEqualTo("running");
        try (PtyCommand attach = setup.client().startOnTerminal("attach", name)) {
            attach.type("exit 8\r");
            assertThat(attach.await().exit()).isEqualTo(8);
        }
    }

    @Test
    void detachesWithKeysOfTheUsersChoice() throws IOException {
        String name = newName();
        ok("run", "-dit", "--name", name, IMAGE, "sh");
        try (PtyCommand attach = setup.client().startOnTerminal("attach", "--detach-keys", "ctrl-a,x", name)) {
            attach.type("echo a-$((1 + 1))\r");
            attach.awaitOutput("a-2");
            attach.type("\u0001x");
            attach.await();
            assertThat(attach.shown()).contains("read escape sequence");
        }
        assertThat(status(name)).isEqualTo("running");
    }

    @Test
    void passesKeysOnThatOnlyBeginTheDetachSequence() throws IOException {
        String name = newName();
        try (PtyCommand run = setup.client()
                .startOnTerminal("run", "-it", "--rm", "--name", name, "--detach-keys", "x,y", IMAGE, "cat")) {
            run.type("axb\r");
            run.awaitOutput("axb\r\naxb");
            run.type("\u0004");
            assertThat(run.await().exit()).isZero();
        }
    }

    @Test
    void letsAnExecGoOnWhenItsClientDetaches() throws IOException {
        String name = background("sleep 60");
        try (PtyCommand exec = setup.client()
                .startOnTerminal("exec", "-it", name, "sh", "-c", "echo ready; touch /tmp/started; sleep 50")) {
            exec.awaitOutput("ready");
            exec.type("\u0010\u0011");
            exec.await();
        }
        assertThat(ok("top", name)).contains("sleep 50");
    }

    @Test
    void forwardsSignalsOfTheClient() throws IOException {
        String name = newName();
        try (Command run = setup.client()
                .start(
                        "run",
                        "--name",
                        name,
                        IMAGE,
                        "sh",
                        "-c",
                        "trap 'echo caught; exit 11' TERM; echo ready; while :; do sleep 0.05; done")) {
            run.awaitOutput("ready");
            run.signal("TERM");
            Result result = run.await();
            assertThat(result.out()).contains("caught");
            assertThat(result.exit()).isEqualTo(11);
        }
    }

    @Test
    void forwardsNoSignalsWithoutTheSignalProxy() throws IOException {
        String name = newName();
        try (Command run = setup.client()
                .start(
                        "run",
                        "--sig-proxy=false",
                        "--name",
                        name,
                        IMAGE,
                        "sh",
                        "-c",
                        "trap 'echo caught' TERM; echo ready; while :; do sleep 0.05; done")) {
            run.awaitOutput("ready");
            run.signal("TERM");
            assertThat(ok("exec", name, "echo", "still there")).isEqualTo("still there");
            run.signal("KILL");
            run.await();
        }
        assertThat(logOf(name)).doesNotContain("caught");
        assertThat(status(name)).isEqualTo("running");
    }

    @Test
    void doesNotHideTheEndOfAContainerByAClientThatTakesNothing() throws IOException {
        String name = newName();
        String script = "echo ready; sleep 1; exec yes";
        try (Command run = setup.client().start("run", "--name", name, IMAGE, "sh", "-c", script)) {
            run.awaitOutput("ready");
            run.signal("STOP");
            try {
                Waiting.until(() -> ok("top", name).contains("yes"), () -> setup + ": it does not write");
                ok("kill", name);
                assertThat(ok("wait", name)).isEqualTo("137");
                assertThat(status(name)).isEqualTo("exited");
                ok("rm", name);
            } finally {
                run.signal("KILL");
            }
            run.await();
        }
    }

    @Test
    void refusesAStoppedContainer() throws IOException {
        String name = newName();
        ok("create", "--name", name, IMAGE, "true");
        assertThat(fails(1, "attach", name)).contains("cannot attach to a stopped container, start it first");
    }

    @Test
    void servesSeveralClientsAtOnce() throws IOException {
        String name = background(ECHO, "-i");
        awaitLog(name, "ready");
        try (Command first = setup.client().start("attach", name);
                Command second = setup.client().start("attach", name)) {
            Waiting.until(
                    () -> {
                        type(first, "x\n");
                        return first.outSoFar().contains("got x")
                                && second.outSoFar().contains("got x");
                    },
                    () -> "not both clients saw the output");
        }
    }

    private static void type(Command command, String text) throws IOException {
        OutputStream stdin = command.stdin();
        stdin.write(text.getBytes(StandardCharsets.UTF_8));
        stdin.flush();
    }
}
