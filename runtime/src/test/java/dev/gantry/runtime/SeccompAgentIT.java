package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.TestHost.Ended;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Containers whose system calls somebody else answers, seccomp_unotify(2).
@Timeout(60)
class SeccompAgentIT {
    /// A small Python program that is given a listener, and answers one call from it with ECANCELED. It says which
    /// process it was told of, that process's number in its namespace, and the container's process.
    private static final String AGENT = """
            import fcntl, json, socket, struct, sys
            listening = socket.socket(socket.AF_UNIX)
            listening.bind(sys.argv[1])
            listening.listen()
            print("listening", flush=True)
            text, received, _, _ = socket.recv_fds(listening.accept()[0], 4096, 2)
            message = json.loads(text)
            with open("/proc/%d/status" % message["pid"]) as status:
                inside = [line.split()[-1] for line in status if line.startswith("NSpid:")][0]
            print(message["fds"], message["state"]["status"], inside, flush=True)
            print(message["pid"], message["state"]["pid"], flush=True)
            call = bytearray(80)
            fcntl.ioctl(received[0], 0xc0502100, call)
            answer = struct.pack("<QqiI", struct.unpack_from("<Q", call)[0], 0, -125, 0)
            fcntl.ioctl(received[0], 0xc0182101, bytearray(answer))
            """;

    private TestHost host;
    private Path socket;

    @BeforeEach
    void makeHost() throws Exception {
        host = new TestHost();
        socket = host.fresh("agent").resolve("socket");
    }

    @AfterEach
    void removeHost() throws Exception {
        assertThat(host.leftBehind()).isEmpty();
        assertThat(host.cgroups()).isEmpty();
        host.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void haveTheCallsOfTheirCommandAnswered(boolean init) throws Exception {
        java.lang.Process agent = new ProcessBuilder("/usr/bin/python3", "-c", AGENT, socket.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = agent.inputReader()) {
            assertThat(out.readLine()).isEqualTo("listening");

            Ended ended = host.run(host.launch(spec("mkdir", "/tmp/made"), init));

            assertThat(ended.error()).contains("Operation canceled");
            assertThat(ended.code()).isEqualTo(1);
            assertThat(out.readLine()).isEqualTo("['seccompFd'] creating " + (init ? 2 : 1));
            String[] processes = out.readLine().split(" ", -1);
            assertThat(processes[0].equals(processes[1])).isEqualTo(!init);
            assertThat(agent.waitFor()).isZero();
        } finally {
            agent.destroy();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void areNotStartedWithoutTheAgent(boolean init) throws Exception {
        ContainerLaunch launch = host.launch(spec("true"), init);

        assertThatThrownBy(() -> host.start(launch))
                .isInstanceOfSatisfying(
                        LaunchException.class,
                        refused -> assertThat(refused.step()).isEqualTo("linux.seccomp.listenerPath"))
                .hasMessageContaining(socket.toString());
    }

    private Spec spec(String... command) throws IOException {
        Map<String, Object> notified =
                Map.of("names", List.of("mkdir", "mkdirat"), "action", "SCMP_ACT_NOTIFY", "args", List.of());
        return TestHost.with(
                TestHost.spec(command),
                "linux.seccomp",
                Map.of(
                        "defaultAction",
                        "SCMP_ACT_ALLOW",
                        "listenerPath",
                        socket.toString(),
                        "syscalls",
                        List.of(notified)));
    }
}
