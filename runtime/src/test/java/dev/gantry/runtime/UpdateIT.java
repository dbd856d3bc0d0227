package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.oci.Json;
import dev.gantry.oci.runtime.Resources;
import dev.gantry.oci.runtime.Spec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Limits of a container that runs, as they are changed.
@Timeout(60)
class UpdateIT {
    private static final long MEBIBYTE = 1 << 20;

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

    private static Resources resources(String json) throws IOException {
        return Json.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), Resources.class);
    }

    private static String of(String v1, String v2) {
        return TestCgroups.unified() ? v2 : v1;
    }

    @Test
    void raisesAndLowersMemory() throws Exception {
        String file = of("memory.limit_in_bytes", "memory.max");
        Spec spec =
                TestHost.with(TestHost.spec("sleep", "1000"), "linux.resources.memory", Map.of("limit", 64 * MEBIBYTE));
        RunningContainer container = host.start(spec);
        for (long each : new long[] {512 * MEBIBYTE, 32 * MEBIBYTE}) {
            assertThat(container.update(resources("{'memory':{'limit':" + each + ",'swap':" + each + "}}")))
                    .allMatch(warning -> warning.contains("memsw"));
            assertThat(host.limit(container, file)).isEqualTo(Long.toString(each));
        }
        TestHost.remove(container);
    }

    /// The kernel takes neither a quota below the burst nor a burst above the quota, in whatever order they
    /// are written.
    @Test
    void changesLimitsThatDependOnEachOther() throws Exception {
        RunningContainer container = host.idle();
        for (String each : new String[] {"20000", "50000", "10000"}) {
            String cpu = "{'cpu':{'period':100000,'quota':" + each + ",'burst':" + each + "}}";
            assertThat(container.update(resources(cpu))).isEmpty();
            assertThat(host.limit(container, of("cpu.cfs_burst_us", "cpu.max.burst")))
                    .isEqualTo(each);
            assertThat(host.limit(container, of("cpu.cfs_quota_us", "cpu.max"))).startsWith(each);
        }
        TestHost.remove(container);
    }

    @Test
    void changesProcessorsAndProcesses() throws Exception {
        RunningContainer container = host.idle();

        container.update(resources("{'cpu':{'shares':2048,'cpus':'0','mems':'0'},'pids':{'limit':7}}"));

        assertThat(host.limit(container, of("cpu.shares", "cpu.weight"))).isEqualTo(of("2048", "174"));
        assertThat(host.limit(container, "cpuset.cpus")).isEqualTo("0");
        assertThat(host.limit(container, "pids.max")).isEqualTo("7");
        TestHost.remove(container);
    }

    @Test
    void changesNothingWhenOneLimitIsRefused() throws Exception {
        RunningContainer container =
                host.start(TestHost.with(TestHost.spec("sleep", "1000"), "linux.resources.pids", Map.of("limit", 9)));

        Resources wrong = resources("{'cpu':{'shares':2048,'cpus':'nonsense'},'pids':{'limit':7}}");

        assertThatThrownBy(() -> container.update(wrong)).hasMessageContaining("nonsense to ");
        assertThat(host.limit(container, "pids.max")).isEqualTo("9");
        assertThat(host.limit(container, of("cpu.shares", "cpu.weight"))).isEqualTo(of("1024", "100"));
        TestHost.remove(container);
    }

    /// What was not limited before has to become unlimited again.
    @Test
    void leavesNothingOfARefusedChangeWhereNothingWasSet() throws Exception {
        String[] disk =
                Files.readString(Path.of("/sys/block/loop0/dev")).strip().split(":", -1);
        RunningContainer container = host.idle();
        String throttle = of("blkio.throttle.write_bps_device", "io.max");
        String processors = of("cpuset.cpus", "cpuset.cpus.effective");
        String before = host.limit(container, processors);
        Resources wrong = resources("{'blockIO':{'throttleWriteBpsDevice':[{'major':%s,'minor':%s,'rate':5000}]},"
                        .formatted(disk[0], disk[1])
                + "'cpu':{'cpus':'0','mems':'nonsense'}}");

        assertThatThrownBy(() -> container.update(wrong)).hasMessageContaining("nonsense to ");

        assertThat(host.limit(container, throttle)).isEmpty();
        assertThat(host.limit(container, processors)).isEqualTo(before);
        TestHost.remove(container);
    }

    @Test
    void leavesTheDevicesAsTheyAre() throws Exception {
        RunningContainer container = host.idle();

        container.update(resources("{'devices':[{'allow':false,'access':'rwm'}],'pids':{'limit':70}}"));

        assertThat(TestHost.exec(container, "head", "-c", "0", "/dev/zero").code())
                .isZero();
        TestHost.remove(container);
    }

    @Test
    void refusesALimitWhoseControllerIsNotThere() throws Exception {
        RunningContainer container = host.idle();

        assertThatThrownBy(() -> container.update(resources("{'network':{'classID':7}}")))
                .hasMessageContaining("linux.resources.network");
        TestHost.remove(container);
    }

    @Test
    void namesALimitWhoseControllerIsNotThereAtTheStart() throws Exception {
        assumeTrue(!TestCgroups.unified(), "host: it has cgroup v2 alone");
        Spec spec = TestHost.with(TestHost.spec("true"), "linux.resources.unified", Map.of("memory.high", "1"));

        assertThatThrownBy(() -> host.start(spec))
                .hasMessage("linux.resources.unified: this host's limits are in cgroup v1");
    }
}
