package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// `run` and `exec` of `gantry runtime` and of runc that wait for their process: it gets their signals and their
/// terminal.
class OciRuntimeForegroundIT {
    private static final String ID = "oci-foreground-it";

    private OciBundle bundle;

    @BeforeEach
    void makeABundle() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/runc")), "host: runc is not installed");
        bundle = OciBundle.create();
    }

    @AfterEach
    void leaveNothing() throws IOException {
        if (bundle == null) {
            return;
        }
        try (OciBundle made = bundle) {
            for (OciBundle.Peer each : List.of(OciBundle.gantry(made), OciBundle.runc(made))) {
                assertThat(each.run("delete", "--force", ID).exit()).isZero();
            }
        }
    }

    private interface Script {
        List<String> with(OciBundle.Peer runtime) throws IOException;
    }

    /// What both do.
    private List<String> same(Script script) throws IOException {
        List<String> runc = script.with(OciBundle.runc(bundle));
        List<String> gantry = script.with(OciBundle.gantry(bundle));
        assertThat(gantry).isEqualTo(runc);
        return gantry;
    }

    private void terminal(boolean wanted) throws IOException {
        bundle.configure(each -> ((ObjectNode) each.get("process")).put("terminal", wanted));
    }

    @Test
    void passSignalsOn() throws IOException {
        List<String> signals =
                List.of("HUP", "INT", "QUIT", "USR1", "USR2", "PIPE", "ALRM", "CONT", "TSTP", "TTIN", "RTMIN+3");
        StringBuilder traps = new StringBuilder("trap 'exit 9' TERM; trap 'echo resized' WINCH; ");
        for (String each : signals) {
            String word = each.equals("RTMIN+3") ? "37" : each;
            traps.append("trap 'echo got %s' %s; ".formatted(each, word));
        }
        bundle.command("sh", "-c", traps + "echo ready; while :; do sleep 0.1; done");

        List<String> seen = same(runtime -> {
            List<String> words = runtime.words("run", "--bundle", bundle.path().toString(), ID);
            try (Command run = Command.start(words, Environment.forGantry())) {
                run.awaitOutput("ready");
                run.signal("WINCH"); // about a terminal that there is not
                for (String each : signals) {
                    run.signal(each);
                    run.awaitOutput("got " + each + "\n");
                }
                run.signal("TERM");
                Result result = run.await();
                List<String> lines = new ArrayList<>(result.out().lines().toList());
                lines.add("exit " + result.exit());
                return lines;
            }
        });

        assertThat(seen).hasSize(signals.size() + 2).endsWith("exit 9");
    }

    @Test
    void passSignalsOnToWhatIsExecuted() throws IOException {
        bundle.command("sleep", "1000");

        List<String> seen = same(runtime -> {
            assertThat(runtime.run("run", "--detach", "--bundle", bundle.path().toString(), ID)
                            .exit())
                    .isZero();
            List<String> words = runtime.words(
                    "exec", ID, "sh", "-c", "trap 'echo got INT' INT; echo ready; while :; do sleep 0.1; done");
            try (Command exec = Command.start(words, Environment.forGantry())) {
                exec.awaitOutput("ready");
                exec.signal("INT");
                exec.awaitOutput("got INT");
                exec.signal("TERM");
                Result result = exec.await();
                return List.of(result.out(), "exit " + result.exit());
            }
        });

        assertThat(seen.getLast()).isEqualTo("exit 143");
    }

    /// The outer terminal's settings before, what the container sees and does, and the settings after it.
    private List<String> inTerminal(OciBundle.Peer runtime, String... arguments) throws IOException {
        List<String> words =
                new ArrayList<>(List.of("sh", "-c", "stty -g; \"$@\"; code=$?; stty -g; exit $code", "sh"));
        words.addAll(runtime.words(arguments));
        try (PtyCommand command = PtyCommand.start(words, Environment.forGantry())) {
            command.awaitOutput("ready");
            command.type("some words\r");
            command.awaitOutput("read some words");
            command.type("\u0003");
            command.awaitOutput("interrupted");
            command.resize(33, 101);
            command.awaitOutput("33 101");
            command.type("go\r");
            Result result = command.await();
            List<String> lines = new ArrayList<>(result.out().lines().toList());
            assertThat(lines.getLast())
                    .as("settings of the outer terminal: %s", result)
                    .isEqualTo(lines.removeFirst());
            lines.removeLast();
            lines.add("exit " + result.exit());
            return lines;
        }
    }

    /// runc tells the terminal its first size beside what it starts. A signal that is trapped ends a `read` of
    /// busybox's shell.
    private static final String DIALOGUE = "until stty size 2> /dev/null | grep -q '^[1-9]'; do :; done; "
            + "tty; stty -a; trap 'echo interrupted' INT; trap 'stty size' WINCH; "
            + "printf 'no line feed'; printf '\\r\\nready\\n'; until read x; do :; done; echo \"read $x\"; "
            + "while ! read -t 1 y; do :; done; echo last words; exit 7";

    @Test
    void relayTheTerminalOfTheCaller() throws IOException {
        bundle.command("sh", "-c", DIALOGUE);
        terminal(true);

        List<String> seen = same(
                runtime -> inTerminal(runtime, "run", "--bundle", bundle.path().toString(), ID));

        assertThat(seen)
                .startsWith("/dev/pts/0")
                .contains("read some words", "33 101")
                .endsWith("last words", "exit 7");
    }

    @Test
    void relayTheTerminalToWhatIsExecuted() throws IOException {
        bundle.command("sleep", "1000");
        terminal(false);

        List<String> seen = same(runtime -> {
            assertThat(runtime.run("run", "--detach", "--bundle", bundle.path().toString(), ID)
                            .exit())
                    .isZero();
            return inTerminal(runtime, "exec", "--tty", ID, "sh", "-c", DIALOGUE);
        });

        assertThat(seen).startsWith("/dev/pts/0").endsWith("last words", "exit 7");
    }

    @Test
    void refuseATerminalThatTheCallerDoesNotHave() throws IOException {
        terminal(true);
        String path = bundle.path().toString();

        same(runtime -> {
            List<String> seen = new ArrayList<>();
            for (List<String> each : List.of(
                    List.of("run", "--bundle", path, ID),
                    List.of("run", "--console-socket", "/no/socket", "--bundle", path, ID),
                    List.of("run", "--detach", "--bundle", path, ID),
                    List.of("create", "--bundle", path, ID),
                    List.of("state", ID))) {
                Result result = runtime.withShell("setsid --wait \"$@\"", each.toArray(String[]::new));
                assertThat(result.out()).isEmpty();
                seen.add(result.exit() + " " + reason(result.err()));
            }
            return seen;
        });
    }

    private static String reason(String err) {
        for (String each : List.of(
                "/dev/tty",
                "will not detach or allocate tty",
                "will detach without setting console socket",
                "does not exist")) {
            if (err.contains(each)) {
                return each;
            }
        }
        return err;
    }
}
