package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `run -it` and `exec -it` in a person's terminal window.
@EverySetup
class TerminalsIT extends EndToEnd {
    @Test
    void areTerminalsInside() throws IOException {
        try (PtyCommand run = terminal(
                "run", "--rm", "-it", IMAGE, "sh", "-c", "tty; test -t 0 && test -t 1 && test -t 2 && echo all")) {
            assertThat(run.await().out()).contains("/dev/pts/0").contains("all");
        }
    }

    @Test
    void haveNamesAmongTheHostsThatAreBound() throws IOException {
        String script = "ls -l $(tty) && echo to the console > /dev/console";
        for (String directory : List.of("/dev", "/dev/pts")) {
            try (PtyCommand run =
                    terminal("run", "--rm", "-it", "-v", directory + ":" + directory, IMAGE, "sh", "-c", script)) {
                Result result = run.await();
                assertThat(result.out()).containsPattern("/dev/pts/[0-9]+").contains("to the console");
                assertThat(result.exit()).isZero();
            }
        }
    }

    @Test
    void giveTheExitCodeOfAnInteractiveShell() throws IOException {
        try (PtyCommand run = terminal("run", "--rm", "-it", IMAGE, "sh")) {
            run.awaitOutput("# ");
            run.type("echo $((6 * 7)); exit 3\r");
            Result result = run.await();
            assertThat(result.out()).contains("42");
            assertThat(result.exit()).isEqualTo(3);
        }
    }

    @Test
    void startWithTheSizeOfTheWindow() throws IOException {
        try (PtyCommand run =
                terminal("run", "--rm", "-it", IMAGE, "sh", "-c", "while :; do stty size; sleep 0.1; done")) {
            run.awaitOutput("24 80");
        }
    }

    @Test
    void followTheWindowWhenItIsResized() throws IOException {
        try (PtyCommand run = terminal(
                "run",
                "--rm",
                "-it",
                IMAGE,
                "sh",
                "-c",
                "trap 'stty size' WINCH; trap exit INT; echo ready; while :; do sleep 0.1; done")) {
            // the size of the start may come as a first change
            run.awaitOutput("ready");
            run.resize(43, 132);
            run.awaitOutput("43 132");
            run.type("\u0003");
            assertThat(run.await().exit()).isNotEqualTo(125);
        }
    }

    @Test
    void passControlCToTheForegroundProcess() throws IOException {
        try (PtyCommand run = terminal(
                "run",
                "--rm",
                "-it",
                IMAGE,
                "sh",
                "-c",
                "trap 'echo caught; exit 9' INT; echo ready; while :; do sleep 0.1; done")) {
            run.awaitOutput("ready");
            run.type("\u0003");
            Result result = run.await();
            assertThat(result.out()).contains("caught");
            assertThat(result.exit()).isEqualTo(9);
        }
    }

    @Test
    void passControlDAsEndOfInput() throws IOException {
        try (PtyCommand run = terminal("run", "--rm", "-it", IMAGE, "cat")) {
            run.type("line\r");
            run.awaitOutput("line\r\nline");
            run.type("\u0004");
            assertThat(run.await().exit()).isZero();
        }
    }

    @Test
    void endLinesWithCarriageReturns() throws IOException {
        String name = newName();
        ok("run", "-t", "--name", name, IMAGE, "echo", "one");
        assertThat(call("logs", name).out()).isEqualTo("one\r\n");
    }

    @Test
    void joinBothStreamsIntoOne() throws IOException {
        Result result = call("run", "--rm", "-t", IMAGE, "sh", "-c", "echo out; echo err >&2");
        assertThat(result.out()).isEqualTo("out\r\nerr\r\n");
    }

    @Test
    void areRefusedWhenInputIsNoTerminal() throws IOException {
        assertThat(call("run", "--rm", "-it", IMAGE, "true").err()).contains("the input device is not a TTY");
    }

    @Test
    void setTermInside() throws IOException {
        assertThat(ok("run", "--rm", "-t", IMAGE, "sh", "-c", "echo $TERM")).isEqualTo("xterm");
        assertThat(ok("run", "--rm", IMAGE, "sh", "-c", "echo \"<$TERM>\"")).isEqualTo("<>");
    }

    @Test
    void ofAnExecFollowTheWindowToo() throws IOException {
        String name = background("sleep 60");
        try (PtyCommand exec = terminal("exec", "-it", name, "sh")) {
            exec.awaitOutput("# ");
            exec.type("tty; stty size; test -t 2 && echo terminal\r");
            exec.awaitOutput("24 80");
            exec.awaitOutput("terminal\r\n");
            exec.resize(30, 100);
            exec.type("until stty size | grep '30 1[0]0'; do sleep 0.1; done\r");
            exec.awaitOutput("30 100");
            exec.type("exit 4\r");
            assertThat(exec.await().exit()).isEqualTo(4);
        }
    }

    @Test
    void areAllowedSeveralInOneContainer() throws IOException {
        String name = background("sleep 60", "-t");
        try (PtyCommand first = terminal("exec", "-it", name, "sh");
                PtyCommand second = terminal("exec", "-it", name, "sh")) {
            first.type("echo first-$(tty)\r");
            second.type("echo second-$(tty)\r");
            first.awaitOutput("first-/dev/pts/");
            second.awaitOutput("second-/dev/pts/");
        }
    }

    private PtyCommand terminal(String... arguments) throws IOException {
        return setup.client().startOnTerminal(arguments);
    }
}
