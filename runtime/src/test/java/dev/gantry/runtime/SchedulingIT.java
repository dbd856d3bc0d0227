package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Spec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Scheduling, priorities, CPUs, memory policy, personality.
@Timeout(60)
class SchedulingIT {
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

    private TestHost.Ended runWith(String item, Object value, String script) throws Exception {
        return host.run(TestHost.with(TestHost.spec("sh", "-c", script), item, value));
    }

    /// The 41st field of /proc/PID/stat, proc_pid_stat(5); the 18th and 19th are priority and nice.
    @Test
    void setThePolicy() throws Exception {
        String script = "read line < /proc/self/stat; set -- ${line#*)}; echo ${39} ${17}; exit 0";
        assertThat(runWith("process.scheduler", Map.of("policy", "SCHED_BATCH", "nice", 5), script)
                        .output())
                .isEqualTo("3 5\n");
        assertThat(runWith("process.scheduler", Map.of("policy", "SCHED_IDLE"), script)
                        .output())
                .isEqualTo("5 0\n");
        assertThat(runWith(
                                "process.scheduler",
                                Map.of(
                                        "policy",
                                        "SCHED_OTHER",
                                        "nice",
                                        3,
                                        "flags",
                                        List.of("SCHED_FLAG_RESET_ON_FORK")),
                                script)
                        .output())
                .isEqualTo("0 3\n");
    }

    @Test
    void setTheIoPriority() throws Exception {
        assertThat(runWith(
                                "process.ioPriority",
                                Map.of("class", "IOPRIO_CLASS_BE", "priority", 6),
                                "busybox ionice -p $$")
                        .output())
                .isEqualTo("best-effort: prio 6\n");
    }

    @Test
    void setThePersonality() throws Exception {
        Spec spec = TestHost.with(
                TestHost.spec("sh", "-c", "cat /proc/self/personality; busybox uname -m"),
                "linux.personality",
                Map.of("domain", "LINUX32"));

        assertThat(host.run(spec).output()).isIn("00000008\ni686\n", "00000008\narmv8l\n");
    }

    @Test
    void setTheMemoryPolicy() throws Exception {
        assertThat(runWith(
                                "linux.memoryPolicy",
                                Map.of("mode", "MPOL_BIND", "nodes", "0", "flags", List.of("MPOL_F_STATIC_NODES")),
                                "head -n 1 /proc/self/numa_maps")
                        .output())
                .contains("bind=static:0");
    }

    @Test
    void setTheCpusOfExecs() throws Exception {
        RunningContainer container = host.idle();
        try {
            Process process = TestHost.with(
                            TestHost.spec("grep", "Cpus_allowed_list", "/proc/self/status"),
                            "process.execCPUAffinity",
                            Map.of("initial", "0", "final", "0"))
                    .process();
            assertThat(TestHost.exec(container, process, "").output()).isEqualTo("Cpus_allowed_list:\t0\n");
        } finally {
            TestHost.remove(container);
        }
    }

    @Test
    void refuseByNameWhatDoesNotExist() throws Exception {
        Map<String, Object> wrong = Map.of(
                "process.scheduler", Map.of("policy", "SCHED_ISO"),
                "process.ioPriority", Map.of("class", "IOPRIO_CLASS_BE", "priority", 8),
                "linux.personality", Map.of("domain", "LINUX", "flags", List.of("ADDR_NO_RANDOMIZE")),
                "linux.memoryPolicy", Map.of("mode", "MPOL_NONE"));
        for (Map.Entry<String, Object> each : wrong.entrySet()) {
            Spec spec = TestHost.with(TestHost.spec("true"), each.getKey(), each.getValue());
            assertThatThrownBy(() -> host.run(spec))
                    .isInstanceOfSatisfying(
                            LaunchException.class,
                            failure -> assertThat(failure.step()).startsWith(each.getKey()));
        }
    }
}
