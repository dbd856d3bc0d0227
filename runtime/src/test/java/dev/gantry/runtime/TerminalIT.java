package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.kernel.Signal;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Spec;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Terminals of containers and of execs.
@Timeout(60)
class TerminalIT {
    private static final String LOOP = "; while :; do sleep 0.02; done";

    private TestHost host;

    @BeforeEach
    void makeHost() throws Exception {
        host = new TestHost();
    }

    @AfterEach
    void removeHost() throws Exception {
        assertThat(host.leftBehind()).isEmpty();
        host.close();
    }

    private static Spec spec(String... command) throws Exception {
        Spec spec = TestHost.with(TestHost.spec(command), "process.terminal", true);
        return TestHost.with(spec, "process.consoleSize", Map.of("height", 31, "width", 97));
    }

    private static ExecLaunch exec(String... command) throws Exception {
        return new ExecLaunch(spec(command).process(), true, false);
    }

    private static void type(ContainerProcess process, String text) throws Exception {
        process.stdin().write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void hasItsSizeFromTheStart() throws Exception {
        assertThat(host.run(spec("stty", "size")).output()).isEqualTo("31 97\r\n");
    }

    @Test
    void isTheControllingOneOfTheContainerAndItsConsole() throws Exception {
        String look =
                "readlink /proc/self/fd/0; readlink /proc/self/fd/2; echo on > /dev/tty; echo con > /dev/console; "
                        + "stat -c %a:%u /dev/pts/0";

        assertThat(host.run(spec("sh", "-c", look)).output())
                .isEqualTo("/dev/pts/0\r\n/dev/pts/0\r\non\r\ncon\r\n620:0\r\n");
    }

    @Test
    void tellsOfANewSize() throws Exception {
        RunningContainer container = host.start(spec("sh", "-c", "trap 'stty size; exit 4' WINCH; echo ready" + LOOP));
        TestHost.readUntil(container.stdout(), "ready\r\n");
        container.resize(12, 34);

        assertThat(TestHost.readUntil(container.stdout(), "\r\n")).isEqualTo("12 34\r\n");
        assertThat(container.awaitExit().code()).isEqualTo(4);
        TestHost.remove(container);
    }

    @Test
    void interruptsTheForegroundByControlC() throws Exception {
        RunningContainer container = host.start(spec("sh", "-c", "trap 'exit 9' INT; echo ready" + LOOP));
        TestHost.readUntil(container.stdout(), "ready\r\n");
        type(container, "\u0003");

        assertThat(container.awaitExit().code()).isEqualTo(9);
        TestHost.remove(container);
    }

    @Test
    void endsTheInputByControlD() throws Exception {
        RunningContainer container = host.start(spec("cat"));
        type(container, "abc\n\u0004");

        assertThat(container.awaitExit().code()).isZero();
        assertThat(new String(container.stdout().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("abc\r\nabc\r\n");
        TestHost.remove(container);
    }

    @Test
    void keepsWhatWasWrittenBeforeTheExit() throws Exception {
        RunningContainer container = host.start(spec("sh", "-c", "seq 1 300"));
        container.awaitExit();

        assertThat(new String(container.stdout().readAllBytes(), StandardCharsets.UTF_8).lines())
                .hasSize(300)
                .endsWith("300");
        container.drained();
        TestHost.remove(container);
    }

    @Test
    void keepsWhatAPipeHoldsAfterTheExit() throws Exception {
        RunningContainer container = host.start("sh", "-c", "head -c 60000 /dev/zero; head -c 60000 /dev/zero >&2");
        container.awaitExit();

        assertThat(container.stdout().readAllBytes()).hasSize(60_000);
        assertThat(container.stderr().readAllBytes()).hasSize(60_000);
        container.drained();
        TestHost.remove(container);
    }

    @Test
    void ofAnExecIsOneOfTheContainers() throws Exception {
        RunningContainer container = host.idle();
        try (ContainerProcess process =
                container.exec(exec("sh", "-c", "stty size; readlink /proc/self/fd/1; echo tty > /dev/tty"))) {
            assertThat(TestHost.end(process).output()).isEqualTo("31 97\r\n/dev/pts/0\r\ntty\r\n");
        }
        TestHost.remove(container);
    }

    @Test
    void ofAnExecComesBesideTheContainersOwn() throws Exception {
        RunningContainer container = host.start(spec("cat"));
        try (ContainerProcess first = container.exec(exec("sh", "-c", "readlink /proc/self/fd/0; cat"));
                ContainerProcess second = container.exec(exec("readlink", "/proc/self/fd/0"))) {
            assertThat(TestHost.readUntil(first.stdout(), "\n")).isEqualTo("/dev/pts/1\r\n");
            assertThat(TestHost.end(second).output()).isEqualTo("/dev/pts/2\r\n");
            type(first, "\u0004");
            assertThat(first.awaitExit().code()).isZero();
            first.drained();
        }
        TestHost.remove(container);
    }

    @Test
    void ofAnExecPassesSignalsAndSizes() throws Exception {
        RunningContainer container = host.idle();
        try (ContainerProcess process = container.exec(exec("sh", "-c", "trap 'stty size' WINCH; echo ready" + LOOP))) {
            TestHost.readUntil(process.stdout(), "ready\r\n");
            process.resize(50, 60);
            assertThat(TestHost.readUntil(process.stdout(), "\r\n")).isEqualTo("50 60\r\n");
            type(process, "\u0003");

            assertThat(process.awaitExit().signal()).isEqualTo(Signal.INTERRUPT);
            process.drained();
        }
        TestHost.remove(container);
    }

    @Test
    void belongsToTheUserOfAnExec() throws Exception {
        RunningContainer container = host.idle();
        Process user = TestHost.with(
                        spec("stat", "-c", "%u", "/dev/pts/0"), "process.user", Map.of("uid", 1000, "gid", 1000))
                .process();
        try (ContainerProcess process = container.exec(new ExecLaunch(user, true, false))) {
            assertThat(TestHost.end(process).output()).isEqualTo("1000\r\n");
        }
        TestHost.remove(container);
    }

    /// A container that may mount decides what is at its /dev/pts: a device there must not be opened with the host's
    /// rights.
    @Test
    void isNeverOpenedOnWhatTheContainerMountedInstead() throws Exception {
        RunningContainer container = host.idle();
        Process mount =
                TestHost.process(container, "sh", "-c", "mount -t tmpfs none /dev/pts && echo x > /dev/pts/ptmx");
        try (ContainerProcess process = container.exec(new ExecLaunch(mount, false, true))) {
            assertThat(TestHost.end(process).error()).isEmpty();
        }

        assertThatThrownBy(() -> container.exec(exec("true"))).hasMessageContaining("not a devpts");
        TestHost.remove(container);
    }

    @Test
    void isNotThereForAProcessWithPipes() throws Exception {
        RunningContainer container = host.idle();

        assertThatThrownBy(() -> container.resize(1, 1)).isInstanceOf(IllegalStateException.class);
        TestHost.remove(container);
    }
}
