package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/// `--pid`, `--ipc` and `--network container:<name>`.
@EverySetup
class JoinedNamespacesIT extends EndToEnd {

    @Test
    void ofProcessesShowAndReachTheOthersProcesses() throws IOException {
        String other = background("sleep 1234");
        String script = "readlink /proc/self/ns/pid; tr '\\0' ' ' < /proc/1/cmdline; kill -0 1 && echo reached";
        String namespace = ok("exec", other, "readlink", "/proc/1/ns/pid");

        assertThat(inside(script, "--pid", "container:" + other)).isEqualTo(namespace + "\nsleep 1234 reached");
    }

    @Test
    void ofProcessesEndWithTheOther() throws IOException {
        String other = background("sleep 1000");
        String joined = background("sleep 1000", "--pid", "container:" + other);

        ok("kill", other);

        assertThat(ok("wait", joined)).isEqualTo("137");
    }

    @Test
    void ofIpcShareMemoryAndQueues() throws IOException {
        String other = background("echo shared > /dev/shm/file; sleep 1000", "--ipc", "shareable", "--shm-size", "1m");
        awaitOutput(other, "cat /dev/shm/file", "shared");
        String script = "cat /dev/shm/file; echo back > /dev/shm/answer; df -k /dev/shm | awk 'END { print $2 }'";

        assertThat(inside(script, "--ipc", "container:" + other)).isEqualTo("shared\n1024");
        assertThat(ok("exec", other, "cat", "/dev/shm/answer")).isEqualTo("back");
        assertThat(inside("readlink /proc/self/ns/ipc", "--ipc", "container:" + other))
                .isEqualTo(ok("exec", other, "readlink", "/proc/self/ns/ipc"));
    }

    @Test
    void ofIpcAreRefusedUnlessShareable() throws IOException {
        String other = background("sleep 1000", "--ipc", "private");

        assertThat(fails(125, runWords("true", "--ipc", "container:" + other)))
                .contains("non-shareable IPC (hint: use IpcMode:shareable for the donor container)");
    }

    @Test
    void ofNetworksShareLoopbackNamesAndResolver() throws IOException {
        String other =
                background("while true; do nc -l -p 4711 -e echo answer; done", "-h", "box", "--network", "none");
        String script = "for i in 1 2 3 4 5; do nc 127.0.0.1 4711 && break; sleep 0.2; done;"
                + " hostname; cat /etc/hostname; echo entry >> /etc/hosts";

        assertThat(inside(script, "--network", "container:" + other)).isEqualTo("answer\nbox\nbox");
        assertThat(ok("exec", other, "tail", "-n", "1", "/etc/hosts")).isEqualTo("entry");
    }

    @Test
    void takeExecsToo() throws IOException {
        String other = background("sleep 1000", "--ipc", "shareable");
        String joined = background(
                "sleep 1000",
                "--pid",
                "container:" + other,
                "--ipc",
                "container:" + other,
                "--network",
                "container:" + other);

        for (String type : new String[] {"pid", "ipc", "net"}) {
            assertThat(ok("exec", joined, "readlink", "/proc/self/ns/" + type))
                    .isEqualTo(ok("exec", other, "readlink", "/proc/self/ns/" + type));
        }
    }

    @Test
    void areRefusedOfContainersThatDoNotRun() throws IOException {
        String other = newName();
        ok("create", "--name", other, "--ipc", "shareable", IMAGE, "true");
        for (String option : new String[] {"--pid", "--ipc", "--network"}) {
            assertThat(call(runWords("true", option, "container:" + other)).err())
                    .containsPattern("non running container|is not running");
            assertThat(call(runWords("true", option, "container:nobody")).err())
                    .containsIgnoringCase("no such container: nobody");
        }
    }

    private void awaitOutput(String container, String command, String output) {
        Waiting.until(
                () -> call("exec", container, "sh", "-c", command).out().strip().equals(output),
                () -> setup + ": " + container + " does not say " + output);
    }
}
