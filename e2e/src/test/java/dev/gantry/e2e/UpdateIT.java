package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/// `docker update`: limits of a container, running or not.
@EverySetup
class UpdateIT extends EndToEnd {
    private static String file(String v1, String v2) {
        return "/sys/fs/cgroup/" + (Cgroups.unified() ? v2 : v1);
    }

    @Test
    void limitsOfARunningContainerChange() throws IOException {
        String name = background("sleep 60", "-m", "64m");
        String words = "update -m 128m --memory-swap -1 --memory-reservation 32m --cpus 0.5 --pids-limit 30 " + name;
        ok(words.split(" ", -1));

        String memory = file("memory/memory.limit_in_bytes", "memory.max");
        String pids = file("pids/pids.max", "pids.max");
        String quota = file("cpu/cpu.cfs_quota_us", "cpu.max");
        assertThat(ok("exec", name, "cat", memory, pids)).isEqualTo("134217728\n30");
        assertThat(ok("exec", name, "cat", quota)).startsWith("50000");
        assertThat(inspect(name).at("/HostConfig/Memory").asLong()).isEqualTo(134217728);
        assertThat(inspect(name).at("/HostConfig/NanoCpus").asLong()).isEqualTo(500_000_000);
        assertThat(inspect(name).at("/HostConfig/PidsLimit").asLong()).isEqualTo(30);
    }

    @Test
    void limitsOfAStoppedContainerCountAtItsNextStart() throws IOException {
        String name = newName();
        ok("create", "--name", name, IMAGE, "cat", file("pids/pids.max", "pids.max"));
        ok("update", "--pids-limit", "40", name);

        assertThat(ok("start", "-a", name)).isEqualTo("40");
    }

    @Test
    void whatIsNotAskedForStays() throws IOException {
        String name = background("sleep 60", "--cpu-shares", "512", "--pids-limit", "20");
        ok("update", "--cpu-shares", "256", name);

        assertThat(ok("exec", name, "cat", file("pids/pids.max", "pids.max"))).isEqualTo("20");
        assertThat(inspect(name).at("/HostConfig/CpuShares").asInt()).isEqualTo(256);
    }

    @Test
    void theRestartPolicyChanges() throws IOException {
        String name = newName();
        ok("create", "--name", name, IMAGE, "true");
        ok("update", "--restart", "on-failure:3", name);

        assertThat(inspect(name).at("/HostConfig/RestartPolicy/Name").asString())
                .isEqualTo("on-failure");
        assertThat(inspect(name)
                        .at("/HostConfig/RestartPolicy/MaximumRetryCount")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void aMemoryLimitAboveTheOneWithSwapIsRefused() throws IOException {
        String name = background("sleep 60", "-m", "64m", "--memory-swap", "64m");

        assertThat(fails(1, "update", "-m", "128m", name))
                .contains("Memory limit should be smaller than already set memoryswap limit");
        assertThat(inspect(name).at("/HostConfig/Memory").asLong()).isEqualTo(67108864);
    }

    /// dockerd takes no limit for the smallest one: docs/conformance.md.
    @Test
    void aFirstMemoryLimitContradictsNothing() throws IOException {
        String name = background("sleep 60");
        Result result = call("update", "-m", "64m", name);

        assertThat(result.exit()).isEqualTo(setup.onGantry() ? 0 : 1);
        assertThat(inspect(name).at("/HostConfig/Memory").asLong()).isEqualTo(setup.onGantry() ? 67108864 : 0);
    }

    @Test
    void aQuotaBesideProcessorsIsRefused() throws IOException {
        String name = background("sleep 60", "--cpus", "1");

        assertThat(fails(1, "update", "--cpu-quota", "5000", name))
                .contains("CPU Quota cannot be updated as NanoCPUs has already been set");
    }
}
