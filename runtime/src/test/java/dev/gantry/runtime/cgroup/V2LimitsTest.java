package dev.gantry.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.Json;
import dev.gantry.oci.runtime.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class V2LimitsTest {
    private final List<String> warnings = new ArrayList<>();

    /// `file=value`, with the alternatives of a file behind it.
    private List<String> limits(String json) throws IOException {
        Resources resources = Json.read(json.getBytes(StandardCharsets.UTF_8), Resources.class);
        return V2Limits.of(resources, warnings::add).stream()
                .map(setting -> String.join(
                        " | ",
                        setting.choices().stream()
                                .map(each -> each.file() + "=" + each.value())
                                .toList()))
                .toList();
    }

    @Test
    void countSwapAlone() throws IOException {
        assertThat(limits("{'memory':{'limit':1000,'swap':3000,'reservation':500}}".replace('\'', '"')))
                .containsExactly("memory.swap.max=2000", "memory.max=1000", "memory.low=500");
        assertThat(limits("{\"memory\":{\"limit\":1000,\"swap\":1000}}"))
                .containsExactly("memory.swap.max=0", "memory.max=1000");
        assertThat(limits("{\"memory\":{\"limit\":1000,\"swap\":-1}}"))
                .containsExactly("memory.swap.max=max", "memory.max=1000");
        assertThat(limits("{\"memory\":{\"limit\":-1}}")).containsExactly("memory.swap.max=max", "memory.max=max");
    }

    @Test
    void refuseASwapLimitThatContradictsTheMemoryLimit() {
        assertThatThrownBy(() -> limits("{\"memory\":{\"swap\":1000}}"))
                .hasMessage("linux.resources.memory.swap: got a limit for memory and swap, but none for memory");
        assertThatThrownBy(() -> limits("{\"memory\":{\"limit\":2000,\"swap\":1000}}"))
                .hasMessage("linux.resources.memory.swap: got 1000, want at least the memory limit 2000");
    }

    @Test
    void discardWithAWarningWhatVersionTwoDoesNotHave() throws IOException {
        assertThat(limits("{\"memory\":{\"swappiness\":10,\"disableOOMKiller\":true,\"kernel\":5,\"kernelTCP\":7}}"))
                .isEmpty();
        assertThat(warnings).hasSize(3).allMatch(each -> each.endsWith("Limitation discarded."));
    }

    @Test
    void joinQuotaAndPeriod() throws IOException {
        assertThat(limits("{\"cpu\":{\"quota\":50000,\"period\":200000,\"burst\":1000}}"))
                .containsExactly("cpu.max=50000 200000", "cpu.max.burst=1000");
        assertThat(limits("{\"cpu\":{\"quota\":50000}}")).containsExactly("cpu.max=50000 100000");
        assertThat(limits("{\"cpu\":{\"period\":200000}}")).containsExactly("cpu.max=max 200000");
        assertThat(limits("{\"cpu\":{\"quota\":-1}}")).containsExactly("cpu.max=max 100000");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"period\":200000',              50000 100000, 50000 200000",
        "'\"quota\":30000',                50000 200000, 30000 200000",
        "'\"quota\":-1',                   50000 200000, max 200000",
        "'\"quota\":-1,\"period\":50000', 50000 200000, max 50000",
        "'\"period\":200000',              max 100000,   max 200000"
    })
    void keepTheQuotaOrThePeriodThatIsNotChanged(String change, String before, String after) throws IOException {
        String json = "{\"cpu\":{" + change + "}}";
        Resources resources = Json.read(json.getBytes(StandardCharsets.UTF_8), Resources.class);

        assertThat(V2Limits.of(resources, before, warnings::add).getFirst().choices())
                .containsExactly(new Setting.Choice("cpu.max", after));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "512, 59", "1024, 100", "2048, 174", "10240, 639", "262144, 10000", "300000, 10000"})
    void makeAWeightOfShares(long shares, long weight) throws IOException {
        assertThat(limits("{\"cpu\":{\"shares\":" + shares + "}}")).containsExactly("cpu.weight=" + weight);
    }

    @Test
    void giveAnIdleGroupNoWeight() throws IOException {
        assertThat(limits("{\"cpu\":{\"shares\":512,\"idle\":1}}")).containsExactly("cpu.idle=1");
    }

    @Test
    void haveNamesForEveryBlockDeviceLimit() throws IOException {
        assertThat(limits("{\"blockIO\":{\"weight\":500,\"weightDevice\":[{\"major\":8,\"minor\":1,\"weight\":10}],"
                        + "\"throttleReadBpsDevice\":[{\"major\":8,\"minor\":1,\"rate\":7}],"
                        + "\"throttleWriteIOPSDevice\":[{\"major\":8,\"minor\":1,\"rate\":0}]}}"))
                .containsExactly(
                        "io.bfq.weight=500 | io.weight=4950",
                        "io.bfq.weight=8:1 10 | io.weight=8:1 1",
                        "io.max=8:1 rbps=7",
                        "io.max=8:1 wiops=max");
    }

    @Test
    void setTheRest() throws IOException {
        assertThat(limits("{\"pids\":{\"limit\":-1},\"cpu\":{\"cpus\":\"0-1\",\"mems\":\"0\"},"
                        + "\"hugepageLimits\":[{\"pageSize\":\"2MB\",\"limit\":4194304}],"
                        + "\"rdma\":{\"mlx5_1\":{\"hcaHandles\":3}},\"unified\":{\"memory.high\":\"9\"}}"))
                .containsExactly(
                        "cpuset.cpus=0-1",
                        "cpuset.mems=0",
                        "pids.max=max",
                        "hugetlb.2MB.max=4194304",
                        "hugetlb.2MB.rsvd.max=4194304",
                        "rdma.max=mlx5_1 hca_handle=3",
                        "memory.high=9");
    }

    @Test
    void refuseByNameWhatOnlyVersionOneHas() {
        assertThatThrownBy(() -> limits("{\"network\":{\"classID\":1}}"))
                .hasMessageContaining("network: cgroup v2 has no");
        assertThatThrownBy(() -> limits("{\"cpu\":{\"realtimeRuntime\":1}}"))
                .hasMessageContaining("cpu.realtimeRuntime: cgroup v2 has no");
        assertThatThrownBy(() -> limits("{\"blockIO\":{\"leafWeight\":10}}"))
                .hasMessageContaining("blockIO.leafWeight: cgroup v2 has no");
    }

    @Test
    void takeNoPathForAFile() {
        for (String file :
                List.of("../x.max", "memory/max", "cgroup.procs", "cgroup.subtree_control", "memory", "a..b")) {
            assertThatThrownBy(() -> limits("{\"unified\":{\"" + file + "\":\"1\"}}"))
                    .as(file)
                    .hasMessageStartingWith("linux.resources.unified: ");
        }
        assertThatThrownBy(() -> limits("{\"hugepageLimits\":[{\"pageSize\":\"../2MB\",\"limit\":1}]}"))
                .hasMessageStartingWith("linux.resources.hugepageLimits: got page size");
    }
}
