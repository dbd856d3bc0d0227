package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Descriptors that go through `gantry runtime`: those that its caller hands on, and those that it sends to others.
class OciRuntimeDescriptorsIT extends OciRuntimeCalls {
    @Test
    void preservesDescriptorsOfTheCaller() throws IOException {
        bundle.command("sh", "-c", "cat <&3; cat <&4; ls /proc/self/fd | wc -l");
        Files.writeString(bundle.beside("three"), "3\n");
        Files.writeString(bundle.beside("four"), "4\n");
        String script = "exec 3<%s 4<%s 5<&3; \"$@\"".formatted(bundle.beside("three"), bundle.beside("four"));

        Result run = runtime.withShell(
                script, "run", "--preserve-fds", "2", "--bundle", bundle.path().toString(), ID);

        // five, and the directory that ls reads
        assertThat(run.out()).as(run::toString).isEqualTo("3\n4\n6\n");
        assertThat(fails(
                        1,
                        "run",
                        "--preserve-fds",
                        "1",
                        "--bundle",
                        bundle.path().toString(),
                        ID))
                .isEqualTo("preserved descriptor 3 is not open");
    }

    @Test
    void handsOnSocketsThatItIsToldOfByItsOwnNumber() throws IOException {
        Path socket = Files.writeString(bundle.beside("socket"), "3\n");
        bundle.command("sh", "-c", "cat <&3; echo $LISTEN_FDS $LISTEN_PID");

        Result run = runtime.withShell(
                "export LISTEN_FDS=1 LISTEN_PID=$$; exec \"$@\" 3<" + socket,
                "run",
                "--bundle",
                bundle.path().toString(),
                ID);

        assertThat(run.out()).as(run::toString).isEqualTo("3\n1 1\n");
    }

    @Test
    void handsOnNoSocketsThatAnotherProcessWasToldOf() throws IOException {
        start("sleep", "1000");

        for (String variables : List.of("LISTEN_FDS=1", "LISTEN_FDS=1 LISTEN_PID=1", "LISTEN_FDS=x LISTEN_PID=$$")) {
            Result executed = runtime.withShell(
                    "export " + variables + "; exec \"$@\"", "exec", ID, "sh", "-c", "echo ${LISTEN_FDS-none}");

            assertThat(executed.out()).as(executed::toString).isEqualTo("none\n");
        }
    }

    /// A small Python program listens, and prints what comes with each descriptor, and whose it is.
    private static final String LISTENER = """
            import os, socket, sys
            listening = socket.socket(socket.AF_UNIX)
            listening.bind(sys.argv[1])
            listening.listen()
            print("listening", flush=True)
            for _ in range(2):
                text, received, _, _ = socket.recv_fds(listening.accept()[0], 64, 1)
                with open("/proc/self/fdinfo/%d" % received[0]) as info:
                    pid = [line.split()[1] for line in info if line.startswith("Pid:")]
                print(text.decode(), *pid, flush=True)
            """;

    @Test
    void sendsDescriptorsOfProcesses() throws IOException {
        bundle.command("sleep", "1000");
        String path = bundle.path().toString();
        String socket = bundle.beside("pidfds").toString();
        Path file = bundle.beside("pid");
        assertThat(fails(1, "create", "--pidfd-socket", socket, "--bundle", path, ID))
                .contains("connect " + socket + ": ENOENT");
        assertThat(ok("list", "--quiet")).isEmpty();

        try (Command listener = Command.start(List.of("/usr/bin/python3", "-c", LISTENER, socket), Map.of())) {
            listener.awaitOutput("listening");
            create("--pidfd-socket", socket);
            ok("start", ID);
            ok("exec", "--detach", "--pid-file", file.toString(), "--pidfd-socket", socket, ID, "sleep", "1000");

            String main = runtime.state(ID).get("pid").asString();
            assertThat(listener.await().out().lines())
                    .containsExactly("listening", "standard " + main, "setns " + Files.readString(file));
        }
    }

    /// A small Python program that is given two listeners, and answers one call from each with ECANCELED.
    private static final String AGENT = """
            import fcntl, json, socket, struct, sys
            listening = socket.socket(socket.AF_UNIX)
            listening.bind(sys.argv[1])
            listening.listen()
            print("listening", flush=True)
            for _ in range(2):
                text, received, _, _ = socket.recv_fds(listening.accept()[0], 4096, 2)
                message = json.loads(text)
                state = message["state"]
                print(message["fds"], len(received), message["metadata"], state["status"], state["id"], flush=True)
                print(message["pid"], state["pid"], flush=True)
                call = bytearray(80)
                fcntl.ioctl(received[0], 0xc0502100, call)
                answer = struct.pack("<QqiI", struct.unpack_from("<Q", call)[0], 0, -125, 0)
                fcntl.ioctl(received[0], 0xc0182101, bytearray(answer))
            """;

    @Test
    void hasAnAgentNotifiedOfSystemCalls() throws IOException {
        String socket = bundle.beside("agent").toString();
        JsonNode filter = new JsonMapper().readTree("""
                {"defaultAction": "SCMP_ACT_ALLOW", "listenerPath": "%s", "listenerMetadata": "known",
                 "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_NOTIFY"}]}""".formatted(socket));
        bundle.configure(each -> ((ObjectNode) each.get("linux")).set("seccomp", filter));
        String path = bundle.path().toString();
        assertThat(fails(1, "create", "--bundle", path, ID)).contains(socket).contains("ENOENT");
        assertThat(ok("list", "--quiet")).isEmpty();

        try (Command agent = Command.start(List.of("/usr/bin/python3", "-c", AGENT, socket), Map.of())) {
            agent.awaitOutput("listening");
            start("sh", "-c", "mkdir /dev/made; exec sleep 1000");
            String main = runtime.state(ID).get("pid").asString();
            agent.awaitOutput(main + " " + main);
            Result executed = runtime.run("exec", ID, "mkdir", "/dev/made");

            assertThat(executed.err()).as(executed::toString).contains("Operation canceled");
            assertThat(agent.await().out().lines())
                    .startsWith("listening", "['seccompFd'] 1 known creating " + ID, main + " " + main)
                    .contains("['seccompFd'] 1 known running " + ID)
                    .last()
                    .asString()
                    .endsWith(" " + main)
                    .isNotEqualTo(main + " " + main);
        }
    }

    /// The host's is everybody's, and a caller gives it when it has no input: the container's user must not own it.
    @Test
    void leavesANullDeviceToItsOwner() throws IOException {
        Path device = bundle.beside("null");
        Path file = Files.createFile(bundle.beside("input"));
        assertThat(Command.run(List.of("mknod", device.toString(), "c", "1", "3"), Map.of())
                        .exit())
                .isZero();
        bundle.command("true");
        bundle.configure(each -> ((ObjectNode) each.get("process").get("user")).put("uid", 1000));

        for (Path input : List.of(device, file)) {
            Result result = runtime.withShell(
                    "exec \"$@\" <" + input, "run", "--bundle", bundle.path().toString(), ID);
            assertThat(result.exit()).as(result::toString).isZero();
        }

        assertThat(Files.getAttribute(device, "unix:uid")).isEqualTo(0);
        assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(1000); // so that it can be opened again
    }

    @Test
    void givesTheNullDeviceForAStreamThatIsClosed() throws IOException {
        for (int stream = 0; stream < 3; stream++) {
            bundle.command("sh", "-c", "[ \"$(readlink /proc/$$/fd/%d)\" = /dev/null ]".formatted(stream));

            Result result = runtime.withShell(
                    "\"$@\" %d>&-".formatted(stream),
                    "run",
                    "--bundle",
                    bundle.path().toString(),
                    ID);

            assertThat(result.exit()).as(stream + ": " + result).isZero();
        }
    }
}
