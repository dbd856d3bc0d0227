package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `exec`: another process in a running container.
@EverySetup
class ExecIT extends EndToEnd {
    @ParameterizedTest
    @ValueSource(ints = {0, 3, 255})
    void endsWithTheCommandsExitCode(int code) throws IOException {
        fails(code, "exec", background("sleep 60"), "sh", "-c", "exit " + code);
    }

    @Test
    void keepsBothStreamsApart() throws IOException {
        Result result = call("exec", background("sleep 60"), "sh", "-c", "echo out; echo err >&2");
        assertThat(result.out()).isEqualTo("out\n");
        assertThat(result.err()).isEqualTo("err\n");
    }

    @Test
    void passesStandardInput() throws IOException {
        String name = background("sleep 60");
        Result result = setup.client().callWithInput(bytes("hello\n"), "exec", "-i", name, "sh", "-c", "cat; echo end");
        assertThat(result.out()).isEqualTo("hello\nend\n");
    }

    @Test
    void givesNoInputWithoutTheFlag() throws IOException {
        String name = background("sleep 60");
        assertThat(setup.client()
                        .callWithInput(bytes("hello\n"), "exec", name, "cat")
                        .out())
                .isEmpty();
    }

    @Test
    void sharesNamespacesRootAndCgroupWithTheContainer() throws IOException {
        String name = background("echo mark > /tmp/mark; sleep 60", "--hostname", "inside", "-m", "64m");
        String script = "hostname; cat /tmp/mark; for n in mnt pid uts ipc net cgroup; do "
                + "[ $(readlink /proc/1/ns/$n) = $(readlink /proc/self/ns/$n) ] || echo other $n; done; "
                + "diff /proc/1/cgroup /proc/self/cgroup && echo same";
        Waiting.until(() -> call("exec", name, "cat", "/tmp/mark").exit() == 0, () -> "no mark");
        assertThat(ok("exec", name, "sh", "-c", script)).isEqualTo("inside\nmark\nsame");
    }

    @Test
    void hasTheContainersEnvironmentAndItsOwn() throws IOException {
        String name = background("sleep 60", "-e", "A=1", "-e", "B=2");
        assertThat(ok("exec", "-e", "B=3", "-e", "C=4", name, "sh", "-c", "echo $A$B$C"))
                .isEqualTo("134");
    }

    @Test
    void startsInTheDirectoryAndAsTheUserAskedFor() throws IOException {
        String name = background("sleep 60", "-w", "/var");
        assertThat(ok("exec", name, "pwd")).isEqualTo("/var");
        assertThat(ok("exec", "-w", "/tmp", name, "pwd")).isEqualTo("/tmp");
        assertThat(ok("exec", "-u", "www-data", name, "id"))
                .isEqualTo("uid=33(www-data) gid=33(www-data) groups=4(adm),29(audio),33(www-data)");
        assertThat(ok("exec", "-u", "1234:70", name, "sh", "-c", "id -u; id -g"))
                .isEqualTo("1234\n70");
    }

    @Test
    void runsDetached() throws IOException {
        String name = background("sleep 60");
        assertThat(ok("exec", "-d", name, "sh", "-c", "sleep 0.2; echo done > /tmp/done"))
                .isEmpty();
        Waiting.until(
                () -> call("exec", name, "cat", "/tmp/done").out().equals("done\n"), () -> "the command did not run");
    }

    @Test
    void hasTheContainersCapabilities() throws IOException {
        String name = background("sleep 60", "--cap-drop", "ALL", "--cap-add", "CHOWN");
        assertThat(ok("exec", name, "grep", "CapEff", "/proc/self/status")).endsWith("0000000000000001");
    }

    @Test
    void hasAllCapabilitiesWhenPrivileged() throws IOException {
        assumeAllCapabilitiesForDockerd();
        String name = background("sleep 60", "--cap-drop", "ALL");
        assertThat(ok("exec", "--privileged", name, "grep", "CapEff", "/proc/self/status"))
                .endsWith(hostStatus("CapBnd"));
    }

    @Test
    void hasNoDescriptorButTheStandardOnes() throws IOException {
        String name = background("sleep 60");
        assertThat(ok("exec", name, "ls", "/proc/self/fd")).isEqualTo("0\n1\n2\n3");
    }

    @Test
    void fails126And127AsRunDoes() throws IOException {
        String name = background("sleep 60");
        Result missing = call("exec", name, "no-such-command");
        // dockerd 20.10 says 126 here, later ones 127 as for run
        assertThat(missing.exit()).isEqualTo(setup.onGantry() ? 127 : 126);
        assertThat(missing.out() + missing.err()).contains("executable file not found in $PATH");
        Result denied = call("exec", name, "/etc/passwd");
        assertThat(denied.exit()).isEqualTo(126);
        assertThat(denied.out() + denied.err()).contains("permission denied");
    }

    @Test
    void refusesAContainerThatDoesNotRunOrIsPaused() throws IOException {
        String name = newName();
        ok("create", "--name", name, IMAGE, "true");
        String id = inspect(name).at("/Id").asString();
        assertThat(fails(1, "exec", name, "true")).contains("ontainer " + id + " is not running");
        String paused = background("sleep 60");
        ok("pause", paused);
        assertThat(fails(1, "exec", paused, "true")).contains("is paused, unpause the container before exec");
    }

    @Test
    void diesWithItsContainer() throws IOException {
        String name = background("sleep 60");
        try (Command exec = setup.client().start("exec", name, "sh", "-c", "echo ready; sleep 60")) {
            exec.awaitOutput("ready");
            ok("kill", name);
            assertThat(exec.await().exit()).isEqualTo(137);
        }
    }
}
