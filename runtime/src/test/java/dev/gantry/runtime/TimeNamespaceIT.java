package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Spec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Clocks of a container's own.
@Timeout(60)
class TimeNamespaceIT {
    private TestHost host;

    @BeforeEach
    void makeHost() throws Exception {
        host = new TestHost();
    }

    @AfterEach
    void removeHost() throws Exception {
        assertThat(host.leftBehind()).isEmpty();
        assertThat(host.cgroups()).isEmpty();
        host.close();
    }

    private static final int AHEAD = 1_000_000_000;

    private static Spec ahead(Spec spec) throws Exception {
        return TestHost.with(
                TestHost.withNamespace(spec, Namespace.Type.TIME, null),
                "linux.timeOffsets",
                Map.of(
                        "boottime",
                        Map.of("secs", AHEAD, "nanosecs", 5),
                        "monotonic",
                        Map.of("secs", 7, "nanosecs", 0)));
    }

    private static double uptime(String text) {
        return Double.parseDouble(text.split(" ", 2)[0]);
    }

    @Test
    void areAheadOfTheHosts() throws Exception {
        TestHost.Ended ended =
                host.run(ahead(TestHost.spec("sh", "-c", "cat /proc/uptime; cat /proc/self/timens_offsets")));

        assertThat(uptime(ended.output())).isGreaterThan(AHEAD);
        assertThat(uptime(Files.readString(Path.of("/proc/uptime")))).isLessThan(AHEAD);
        assertThat(ended.output().replaceAll(" +", " ")).contains("monotonic 7 0", "boottime " + AHEAD + " 5");
    }

    @Test
    void areThoseOfItsUserNamespaceAndOfExecs() throws Exception {
        RunningContainer container = host.start(ahead(TestHost.withUserNamespace(TestHost.spec("sleep", "1000"))));
        try {
            String link = Files.readSymbolicLink(Path.of("/proc/" + container.pid() + "/ns/time"))
                    .toString();
            TestHost.Ended ended =
                    TestHost.exec(container, "sh", "-c", "cat /proc/uptime; readlink /proc/self/ns/time");

            assertThat(uptime(ended.output())).isGreaterThan(AHEAD);
            assertThat(ended.output()).endsWith(link + "\n");
        } finally {
            TestHost.remove(container);
        }
    }

    @Test
    void areJoinedByPath() throws Exception {
        RunningContainer other = host.start(ahead(TestHost.spec("sleep", "1000")));
        try {
            Path path = Path.of("/proc/" + other.pid() + "/ns/time");
            Spec spec = TestHost.withNamespace(
                    TestHost.spec("sh", "-c", "readlink /proc/self/ns/time; cat /proc/uptime"),
                    Namespace.Type.TIME,
                    path.toString());
            TestHost.Ended ended = host.run(spec);

            assertThat(ended.output()).startsWith(Files.readSymbolicLink(path) + "\n");
            assertThat(uptime(ended.output().split("\n", 2)[1])).isGreaterThan(AHEAD);
            assertThat(host.run(TestHost.withNamespace(spec, Namespace.Type.PID, "/proc/" + other.pid() + "/ns/pid"))
                            .output())
                    .startsWith(Files.readSymbolicLink(path) + "\n");
        } finally {
            TestHost.remove(other);
        }
    }

    @Test
    void areRefusedForClocksThatHaveNone() throws Exception {
        Spec spec = TestHost.with(
                ahead(TestHost.spec("true")),
                "linux.timeOffsets",
                Map.of("realtime", Map.of("secs", 1, "nanosecs", 0)));
        assertThatThrownBy(() -> host.run(spec)).hasMessageContaining("clock \"realtime\"");
        Spec without = TestHost.withNamespace(ahead(TestHost.spec("true")), Namespace.Type.TIME, "");
        assertThatThrownBy(() -> host.run(without)).hasMessageContaining("they need a new time namespace");
    }
}
