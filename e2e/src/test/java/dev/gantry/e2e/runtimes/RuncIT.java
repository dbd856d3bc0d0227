package dev.gantry.e2e.runtimes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.e2e.Command;
import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EverySetup;
import dev.gantry.e2e.PtyCommand;
import dev.gantry.e2e.Result;
import dev.gantry.e2e.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `--runtime runc`: what a container can do does not depend on who makes it.
@EverySetup
class RuncIT extends EndToEnd {
    private static final String COUNT = "i=0; while :; do i=$((i+1)); echo line $i; sleep 0.05; done";

    @BeforeEach
    void isInstalled() {
        boolean installed = Stream.of("/usr/sbin/runc", "/usr/bin/runc", "/usr/local/sbin/runc", "/usr/local/bin/runc")
                .anyMatch(each -> Files.isExecutable(Path.of(each)));
        assumeTrue(installed, "host: runc is not installed");
    }

    @AfterEach
    void leavesNoStateOfRunc() throws IOException {
        Path states = setup.daemon().directory().resolve("exec/runtimes/runc");
        if (setup.onGantry() && Files.exists(states)) {
            setup.daemon().removeContainers();
            Waiting.until(() -> isEmpty(states), () -> states + " is not empty");
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.findAny().isEmpty();
        }
    }

    private String[] words(String script, String... options) {
        List<String> all = new ArrayList<>(List.of("--runtime", "runc"));
        all.addAll(List.of(options));
        return runWords(script, all.toArray(String[]::new));
    }

    private String started(String script, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of("--runtime", "runc"));
        all.addAll(List.of(options));
        return background(script, all.toArray(String[]::new));
    }

    @Test
    void passesOnOutputAndExitCode() throws IOException {
        Result result = call(words("echo out; echo err >&2; exit 7"));
        assertThat(result.exit()).as(result::toString).isEqualTo(7);
        assertThat(result.out()).isEqualTo("out\n");
        assertThat(result.err()).contains("err");
    }

    @Test
    void passesOnInputToItsEnd() throws IOException {
        Result result = setup.client().callWithInput(bytes("a line\n"), words("cat; echo end", "-i"));
        assertThat(result.out()).as(result::toString).isEqualTo("a line\nend\n");
    }

    @Test
    void makesTheContainerThatIsAskedFor() throws IOException {
        String script = "hostname; id -u; pwd; echo $A; touch /x || echo read-only; grep -c ' /data ' /proc/mounts";
        Result result = call(words(
                script, "-h", "named", "-u", "1000", "-w", "/tmp", "-e", "A=b", "--read-only", "--tmpfs", "/data"));
        assertThat(result.out()).as(result::toString).isEqualTo("named\n1000\n/tmp\nb\nread-only\n1\n");
    }

    @Test
    void isShownByInspect() throws IOException {
        String name = started("sleep 60");
        assertThat(inspect(name).at("/HostConfig/Runtime").asString()).isEqualTo("runc");
        Path words = Path.of("/proc/" + inspect(name).at("/State/Pid").asInt() + "/cmdline");
        Waiting.until(() -> Files.readString(words).startsWith("sleep\0"), () -> words + " is another process");
    }

    @Test
    void hasAnInitThatReapsAndForwardsSignals() throws IOException {
        String name = started(
                "(sleep 0.01 &) ; trap 'echo caught; exit 21' TERM; echo ready; while :; do sleep 0.05; done",
                "--init");
        Waiting.until(() -> logOf(name).contains("ready"), () -> "it is not ready");
        assertThat(ok("exec", name, "readlink", "/proc/1/exe")).isEqualTo("/sbin/docker-init");
        Waiting.until(
                () -> !ok("exec", name, "ps", "-o", "pid,stat,comm").contains("Z"), () -> "a zombie is left behind");
        ok("kill", "-s", "TERM", name);
        awaitStatus(name, "exited");
        assertThat(logOf(name)).isEqualTo("ready\ncaught\n");
        assertThat(inspect(name).at("/State/ExitCode").asInt()).isEqualTo(21);
    }

    @Test
    void hasAnInitForAnyUserAndAReadOnlyRoot() throws IOException {
        Result result = call(words("id -u; echo $A; exit 3", "--init", "-u", "1000", "-e", "A=b", "--read-only"));
        assertThat(result.out()).as(result::toString).isEqualTo("1000\nb\n");
        assertThat(result.exit()).isEqualTo(3);
        assertThat(call("run", "--rm", "--runtime", "runc", "--init", EndToEnd.IMAGE, "no-such-command")
                        .exit())
                .isEqualTo(127);
        assertThat(call("run", "--rm", "--runtime", "runc", "--init", EndToEnd.IMAGE, "/etc/passwd")
                        .exit())
                .isEqualTo(126);
    }

    @Test
    void keepsALog() throws IOException {
        String name = started("echo one; echo two >&2");
        awaitStatus(name, "exited");
        assertThat(logOf(name)).isEqualTo("one\ntwo\n");
    }

    @Test
    void endsLinesOfATerminalWithCarriageReturns() throws IOException {
        assertThat(call(words("echo one; echo two >&2", "-t")).out()).isEqualTo("one\r\ntwo\r\n");
    }

    @Test
    void hasATerminal() throws IOException {
        String script = "tty; stty size; trap 'stty size' WINCH; trap 'echo caught; exit 3' INT; echo ready; ";
        try (PtyCommand run = setup.client().startOnTerminal(words(script + "while :; do sleep 0.1; done", "-it"))) {
            run.awaitOutput("/dev/pts/0");
            run.awaitOutput("24 80");
            run.awaitOutput("ready");
            run.resize(30, 100);
            run.awaitOutput("30 100");
            run.type("\u0003");
            Result result = run.await();
            assertThat(result.out()).contains("caught");
            assertThat(result.exit()).isEqualTo(3);
        }
    }

    @Test
    void executesCommands() throws IOException {
        String name = started("sleep 60", "-e", "A=b");
        Result result = call("exec", name, "sh", "-c", "echo $A; echo err >&2; exit 5");
        assertThat(result.exit()).as(result::toString).isEqualTo(5);
        assertThat(result.out()).isEqualTo("b\n");
        assertThat(result.err()).contains("err");
        assertThat(setup.client()
                        .callWithInput(bytes("typed"), "exec", "-i", name, "cat")
                        .out())
                .isEqualTo("typed");
        assertThat(ok("exec", name, "ls", "/proc/self/fd")).isEqualTo("0\n1\n2\n3");
    }

    @Test
    void executesCommandsOnATerminal() throws IOException {
        String name = started("sleep 60");
        try (PtyCommand exec = setup.client().startOnTerminal("exec", "-it", name, "sh")) {
            exec.awaitOutput("# ");
            exec.resize(30, 100);
            exec.type("until stty size | grep '30 1[0]0'; do sleep 0.1; done; test -t 2 && echo terminal\r");
            exec.awaitOutput("30 100");
            exec.awaitOutput("terminal\r\n");
            exec.type("exit 4\r");
            assertThat(exec.await().exit()).isEqualTo(4);
        }
    }

    @Test
    void saysWhatCannotBeExecuted() throws IOException {
        Result missing = call(words("true", "--entrypoint", "no-such-command"));
        assertThat(missing.exit()).as(missing::toString).isEqualTo(127);
        assertThat(missing.err()).contains("OCI runtime create failed", "\"no-such-command\"", "not found in $PATH");
        Result denied = call(words("true", "--entrypoint", "/etc/passwd"));
        assertThat(denied.exit()).as(denied::toString).isEqualTo(126);
        assertThat(denied.err()).contains("permission denied");
        String name = started("sleep 60");
        Result exec = call("exec", name, "no-such-command");
        // dockerd 20.10 says 126 here
        assertThat(exec.exit()).as(exec::toString).isIn(setup.onGantry() ? 127 : 126, 127);
        assertThat(exec.out() + exec.err()).contains("executable file not found in $PATH");
    }

    @Test
    void isStoppedAndKilled() throws IOException {
        String name = started("trap 'exit 9' TERM; echo ready; while :; do sleep 0.1; done");
        awaitLog(name, "ready");
        ok("stop", name);
        assertThat(inspect(name).at("/State/ExitCode").asInt()).isEqualTo(9);
        ok("start", name);
        ok("kill", name);
        awaitStatus(name, "exited");
        assertThat(inspect(name).at("/State/ExitCode").asInt()).isEqualTo(137);
        ok("start", name);
        ok("rm", "-f", name);
        assertThat(status(name)).isEmpty();
    }

    @Test
    void getsSignals() throws IOException {
        String name = started("trap 'echo caught' USR1; echo ready; while :; do sleep 0.1; done");
        awaitLog(name, "ready");
        ok("kill", "-s", "USR1", name);
        awaitLog(name, "caught");
    }

    @Test
    void isPausedAndGoesOn() throws IOException {
        String name = started(COUNT);
        awaitLog(name, "line 3\n");
        ok("pause", name);
        assertThat(status(name)).isEqualTo("paused");
        assertThat(fails(1, "exec", name, "true")).contains("is paused, unpause the container before exec");
        String before = logOf(name);
        ok("unpause", name);
        awaitLog(name, "line " + (before.lines().count() + 3) + "\n");
        ok("pause", name);
        ok("kill", name);
        awaitStatus(name, "exited");
    }

    @Test
    void isLimited() throws IOException {
        String name = started("sleep 60", "--pids-limit", "50", "--memory", "64m");
        assertThat(ok("exec", name, "sh", "-c", limit("pids.max", "pids"))).isEqualTo("50");
        ok("update", "--memory", "128m", "--memory-swap", "128m", name);
        String memory = Files.exists(Path.of("/sys/fs/cgroup/memory"))
                ? limit("memory.limit_in_bytes", "memory")
                : limit("memory.max", "memory");
        assertThat(ok("exec", name, "sh", "-c", memory)).isEqualTo(Integer.toString(128 << 20));
    }

    private static String limit(String file, String controller) {
        return "cat /sys/fs/cgroup/" + controller + "/" + file + " 2>/dev/null || cat /sys/fs/cgroup/" + file;
    }

    @Test
    void saysThatMemoryRanOut() throws IOException {
        String name = newName();
        String fill = "x=$(head -c 100000000 /dev/zero | tr '\\0' x); echo alive";
        Result result = call("run", "--runtime", "runc", "--name", name, "--memory", "16m", IMAGE, "sh", "-c", fill);
        assertThat(result.exit()).as(result::toString).isEqualTo(137);
        if (setup.onGantry()) {
            assertThat(inspect(name).at("/State/OOMKilled").asBoolean()).isTrue();
        }
    }

    @Test
    void showsItsProcesses() throws IOException {
        String name = started("sleep 1234");
        ok("exec", "-d", name, "sleep", "4321");
        Waiting.until(() -> ok("top", name).contains("sleep 4321"), () -> "no exec in top");
        assertThat(ok("top", name)).contains("sleep 1234").doesNotContain("runc");
    }

    /// runc waits for what the main process leaves behind; the engine does not.
    @Test
    void endsWithItsMainProcessAlsoInTheHostsPidNamespace() throws IOException {
        try (Command run = setup.client().start(words("sleep 1000 & echo started; exit 6", "--pid", "host"))) {
            run.awaitOutput("started");
            assertThat(run.await().exit()).isEqualTo(6);
        }
    }

    @Test
    void joinsNamespacesOfAContainerOfAnotherRuntime() throws IOException {
        String other = background("sleep 60");
        String name = started("sleep 60", "--network", "container:" + other, "--pid", "container:" + other);
        int theirs = inspect(other).at("/State/Pid").asInt();
        int ours = inspect(name).at("/State/Pid").asInt();
        for (String each : List.of("net", "pid")) {
            assertThat(Files.readSymbolicLink(Path.of("/proc/" + ours + "/ns/" + each)))
                    .isEqualTo(Files.readSymbolicLink(Path.of("/proc/" + theirs + "/ns/" + each)));
        }
    }

    @Test
    void isUnknownByAnotherName() throws IOException {
        // dockerd 20.10 has other words
        assertThat(fails(125, "run", "--runtime", "no-such-runtime", IMAGE, "true"))
                .contains(setup.onGantry() ? "unknown or invalid runtime name: no-such-runtime" : "no-such-runtime");
        assertThat(ok("ps", "-aq")).isEmpty();
    }
}
