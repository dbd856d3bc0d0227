package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Limits, as a program inside reads them and as the kernel enforces them.
@EverySetup
class ResourcesIT extends EndToEnd {
    private static final String CGROUP = "/sys/fs/cgroup/";

    @Test
    void memoryIsLimited() throws IOException {
        String files = Cgroups.unified()
                ? "memory.max memory.low"
                : "memory/memory.limit_in_bytes memory/memory.soft_limit_in_bytes";
        String limits = inside("cd " + CGROUP + "; cat " + files, "-m", "64m", "--memory-reservation", "32m");
        assertThat(limits).isEqualTo("67108864\n33554432");
    }

    @Test
    void outOfMemoryIsReported() throws IOException {
        String name = background("exec tail /dev/zero", "-m", "16m", "--memory-swap", "16m");
        assertThat(ok("wait", name)).isEqualTo("137");
        // dockerd hears of it from another source than of the exit, and now and then too late
        if (setup.onGantry()) {
            assertThat(inspect(name).at("/State/OOMKilled").asBoolean()).isTrue();
        }
    }

    @Test
    void processorTimeIsLimited() throws IOException {
        String files = Cgroups.unified()
                ? "cpu.max cpu.weight cpuset.cpus"
                : "cpu/cpu.cfs_quota_us cpu/cpu.cfs_period_us cpu/cpu.shares cpuset/cpuset.cpus";
        String script = "cd " + CGROUP + "; cat " + files;
        assertThat(inside(script, "--cpus", "0.5", "--cpu-shares", "512", "--cpuset-cpus", "0"))
                .isEqualTo(Cgroups.unified() ? "50000 100000\n59\n0" : "50000\n100000\n512\n0");
    }

    @Test
    void aForkBombStops() throws IOException {
        String file = CGROUP + (Cgroups.unified() ? "pids.max" : "pids/pids.max");
        assertThat(inside("cat " + file, "--pids-limit", "20")).isEqualTo("20");
        Result bomb = call(runWords("i=0; while [ $i -lt 60 ]; do sleep 5 & i=$((i + 1)); done", "--pids-limit", "20"));
        assertThat(bomb.err()).containsIgnoringCase("can't fork");
    }

    @Test
    void limitsOfProcessesAreSet() throws IOException {
        assertThat(inside("ulimit -n; ulimit -Hn", "--ulimit", "nofile=100:200"))
                .isEqualTo("100\n200");
        assertThat(inside("ulimit -c", "--ulimit", "core=0")).isEqualTo("0");
    }

    @Test
    void sharedMemoryHasItsSize() throws IOException {
        assertThat(inside("df -k /dev/shm | tail -1 | awk '{ print $2 }'")).isEqualTo("65536");
        assertThat(inside("df -k /dev/shm | tail -1 | awk '{ print $2 }'", "--shm-size", "8m"))
                .isEqualTo("8192");
    }

    @Test
    void theScoreForTheOutOfMemoryKillerIsSet() throws IOException {
        assertThat(inside("cat /proc/self/oom_score_adj", "--oom-score-adj", "500"))
                .isEqualTo("500");
    }

    @Test
    void aMemoryLimitUnderTheMinimumIsRefused() throws IOException {
        assertThat(fails(125, "run", "-m", "1m", IMAGE, "true"))
                .containsIgnoringCase("minimum memory limit allowed is 6MB");
    }

    /// On cgroup v2 they are made a weight, which has its own ends.
    @Test
    void sharesOfProcessorsThatTheKernelDoesNotHaveAreRefused() throws IOException {
        assumeFalse(Cgroups.unified(), "host: it has no cgroup v1");
        Map<String, String> refusals = Map.of(
                "1", "the minimum allowed cpu-shares is 2", "300000", "the maximum allowed cpu-shares is 262144");
        String name = background("sleep 60", "--cpu-shares", "512");

        for (Map.Entry<String, String> each : refusals.entrySet()) {
            Result run = call(runWords("true", "--cpu-shares", each.getKey()));
            assertThat(run.exit()).as(run::toString).isEqualTo(125);
            assertThat(run.err()).contains(each.getValue());
            assertThat(fails(1, "update", "--cpu-shares", each.getKey(), name)).contains(each.getValue());
            assertThat(inspect(name).at("/HostConfig/CpuShares").asInt()).isEqualTo(512);
        }
    }

    @Test
    void weightsOfADiskThatHasNoneAreDiscardedWithAWarning() throws IOException {
        String disk = unweighedDisk();
        Result run = call(runWords("true", "--blkio-weight-device", disk + ":300"));
        assertThat(run.exit()).as(run::toString).isZero();
        assertThat(run.err()).contains("Your kernel does not support Block I/O weight_device");
    }

    private static String unweighedDisk() throws IOException {
        try (Stream<Path> disks = Files.list(Path.of("/sys/block"))) {
            for (Path disk : disks.toList()) {
                Path device = Path.of("/dev").resolve(disk.getFileName());
                if (Files.exists(device)
                        && !Files.readString(disk.resolve("queue/scheduler")).contains("[bfq]")) {
                    return device.toString();
                }
            }
        }
        return abort("host: BFQ schedules all of its disks");
    }

    @Test
    void limitsAreShownByInspect() throws IOException {
        String name = newName();
        ok("create", "--name", name, "-m", "64m", "--cpus", "0.75", "--pids-limit", "9", IMAGE, "true");
        assertThat(inspect(name).at("/HostConfig/Memory").asLong()).isEqualTo(67108864);
        assertThat(inspect(name).at("/HostConfig/MemorySwap").asLong()).isEqualTo(134217728);
        assertThat(inspect(name).at("/HostConfig/NanoCpus").asLong()).isEqualTo(750_000_000);
        assertThat(inspect(name).at("/HostConfig/PidsLimit").asInt()).isEqualTo(9);
    }
}
