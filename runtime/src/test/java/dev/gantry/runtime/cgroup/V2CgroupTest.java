package dev.gantry.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.Json;
import dev.gantry.oci.runtime.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// On files that stand for those of the kernel.
class V2CgroupTest {
    @TempDir
    Path base;

    private V2Cgroup cgroup;
    private Path quotaAndPeriod;

    @BeforeEach
    void make() throws IOException {
        cgroup = V2Cgroup.of(new CgroupHost(List.of(), base, base), "/gantry", "c1");
        Path directory = Files.createDirectories(base.resolve("gantry/c1"));
        Files.writeString(directory.resolve("cgroup.controllers"), "cpu memory\n");
        quotaAndPeriod = Files.writeString(directory.resolve("cpu.max"), "50000 200000\n");
    }

    private void update(String cpu) throws IOException {
        String json = "{\"cpu\":{" + cpu + "}}";
        cgroup.update(Json.read(json.getBytes(StandardCharsets.UTF_8), Resources.class), _ -> {});
    }

    @Test
    void keepsTheQuotaWhenThePeriodIsChanged() throws IOException {
        update("\"period\":100000");

        assertThat(quotaAndPeriod).hasContent("50000 100000");
    }

    @Test
    void keepsThePeriodWhenTheQuotaIsChanged() throws IOException {
        update("\"quota\":30000");

        assertThat(quotaAndPeriod).hasContent("30000 200000");
    }

    @Test
    void leavesBothAloneWhenNeitherIsChanged() throws IOException {
        update("\"period\":0");

        assertThat(quotaAndPeriod).hasContent("50000 200000");
    }

    @Test
    void refusesAPeriodWhereTheControllerIsNotThere() throws IOException {
        Files.delete(quotaAndPeriod);

        assertThatThrownBy(() -> update("\"period\":100000"))
                .hasMessage("linux.resources.cpu.period: this kernel has no cpu.max");
    }
}
