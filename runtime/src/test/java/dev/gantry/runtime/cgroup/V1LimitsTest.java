package dev.gantry.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.Json;
import dev.gantry.oci.runtime.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class V1LimitsTest {
    private static Resources resources(String json) throws IOException {
        return Json.read(json.getBytes(StandardCharsets.UTF_8), Resources.class);
    }

    /// `file=value`, with the alternatives of a file behind it.
    private static List<String> lines(List<Setting> settings) {
        return settings.stream()
                .map(setting -> String.join(
                        " | ",
                        setting.choices().stream()
                                .map(each -> each.file() + "=" + each.value())
                                .toList()))
                .toList();
    }

    private static List<String> limits(String json) throws IOException {
        return lines(V1Limits.ofUpdate(resources(json)));
    }

    @Test
    void beginWithTheDevicesThatEveryContainerHas() throws IOException {
        assertThat(lines(V1Limits.of(null)))
                .startsWith("devices.deny=a", "devices.allow=c *:* m", "devices.allow=b *:* m")
                .contains("devices.allow=c 1:3 rwm", "devices.allow=c 136:* rwm")
                .hasSize(11);
    }

    /// A rule of type `a` opens everything in cgroup v1, whatever its numbers are.
    @Test
    void neverAllowAllDevicesForARuleWithANumber() throws IOException {
        String rules = "{\"devices\":[{\"allow\":true,\"type\":\"a\",\"major\":8,\"access\":\"r\"}]}";

        assertThat(lines(V1Limits.of(resources(rules))))
                .endsWith("devices.allow=c 8:* r", "devices.allow=b 8:* r")
                .doesNotContain("devices.allow=a");
    }

    @Test
    void denyWhatComesAfterEverythingWasAllowed() throws IOException {
        String rules = "{\"devices\":[{\"allow\":true,\"access\":\"rwm\"},"
                + "{\"allow\":false,\"type\":\"c\",\"major\":1,\"minor\":3,\"access\":\"w\"}]}";

        assertThat(lines(V1Limits.of(resources(rules)))).containsExactly("devices.deny=c 1:3 w");
    }

    @Test
    void setMemory() throws IOException {
        assertThat(limits("{\"memory\":{\"limit\":9,\"reservation\":8,\"swap\":10,\"kernel\":7,\"kernelTCP\":6,"
                        + "\"swappiness\":0,\"disableOOMKiller\":true,\"useHierarchy\":true}}"))
                .containsExactly(
                        "memory.limit_in_bytes=9",
                        "memory.soft_limit_in_bytes=8",
                        "memory.memsw.limit_in_bytes=10",
                        "memory.kmem.tcp.limit_in_bytes=6",
                        "memory.swappiness=0",
                        "memory.oom_control=1");
    }

    @Test
    void setProcessors() throws IOException {
        assertThat(limits("{\"cpu\":{\"shares\":512,\"quota\":-1,\"period\":9,\"burst\":3,\"realtimeRuntime\":4,"
                        + "\"realtimePeriod\":5,\"cpus\":\"0\",\"mems\":\"0\",\"idle\":0}}"))
                .containsExactly(
                        "cpu.shares=512",
                        "cpu.cfs_period_us=9",
                        "cpu.cfs_quota_us=-1",
                        "cpu.cfs_burst_us=3",
                        "cpu.rt_period_us=5",
                        "cpu.rt_runtime_us=4",
                        "cpu.idle=0",
                        "cpuset.cpus=0",
                        "cpuset.mems=0");
    }

    @Test
    void refuseSharesThatTheKernelDoesNotHave() throws IOException {
        assertThat(limits("{\"cpu\":{\"shares\":2}}")).containsExactly("cpu.shares=2");
        assertThat(limits("{\"cpu\":{\"shares\":262144}}")).containsExactly("cpu.shares=262144");
        assertThatThrownBy(() -> limits("{\"cpu\":{\"shares\":1}}"))
                .hasMessage("linux.resources.cpu.shares: the minimum allowed cpu-shares is 2");
        assertThatThrownBy(() -> limits("{\"cpu\":{\"shares\":300000}}"))
                .hasMessage("linux.resources.cpu.shares: the maximum allowed cpu-shares is 262144");
    }

    @Test
    void setTheRest() throws IOException {
        assertThat(limits("{\"pids\":{\"limit\":5},\"blockIO\":{\"weight\":100,\"leafWeight\":20,"
                        + "\"throttleReadIOPSDevice\":[{\"major\":8,\"minor\":0,\"rate\":3}]},"
                        + "\"hugepageLimits\":[{\"pageSize\":\"1GB\",\"limit\":0}],"
                        + "\"network\":{\"classID\":1048577,\"priorities\":[{\"name\":\"eth0\",\"priority\":5}]},"
                        + "\"rdma\":{\"mlx5_0\":{\"hcaHandles\":2,\"hcaObjects\":3}}}"))
                .containsExactly(
                        "pids.max=5",
                        "blkio.weight=100 | blkio.bfq.weight=100",
                        "blkio.leaf_weight=20",
                        "blkio.throttle.read_iops_device=8:0 3",
                        "hugetlb.1GB.limit_in_bytes=0",
                        "hugetlb.1GB.rsvd.limit_in_bytes=0",
                        "net_cls.classid=1048577",
                        "net_prio.ifpriomap=eth0 5",
                        "rdma.max=mlx5_0 hca_handle=2 hca_object=3");
    }

    @Test
    void refuseFilesOfVersionTwo() {
        assertThatThrownBy(() -> limits("{\"unified\":{\"memory.high\":\"1\"}}"))
                .hasMessage("linux.resources.unified: this host's limits are in cgroup v1");
    }
}
