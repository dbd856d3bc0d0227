package dev.gantry.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.runtime.usage.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a container uses, read from files as the kernel writes them.
class UsageTest {
    @TempDir
    private Path directory;

    private void file(String name, String content) throws IOException {
        Files.writeString(directory.resolve(name), content);
    }

    @Test
    void isReadFromVersionOne() throws IOException {
        file("cpuacct.usage", "1343190692\n");
        file("cpuacct.usage_percpu", "841431982 501758710 \n");
        file("cpuacct.stat", "user 131\nsystem 3\n");
        file("cpu.stat", "nr_periods 45\nnr_throttled 41\nthrottled_time 1476981420\nnr_bursts 0\nburst_time 0\n");
        file("memory.usage_in_bytes", "22073344\n");
        file("memory.max_usage_in_bytes", "23486464\n");
        file("memory.limit_in_bytes", "9223372036854771712\n");
        file("memory.failcnt", "2\n");
        file("memory.stat", "cache 20971520\nrss 65536\n");
        file("pids.current", "3\n");
        file("pids.max", "50\n");
        file("blkio.throttle.io_service_bytes_recursive", "254:0 Read 4096\n254:0 Write 8192\nTotal 12288\n");
        file("blkio.throttle.io_serviced_recursive", "Total 0\n");

        assertThat(V1Usage.read(_ -> directory, null))
                .isEqualTo(new Usage(
                        new Usage.Cpu(
                                1_343_190_692,
                                List.of(841_431_982L, 501_758_710L),
                                1_310_000_000,
                                30_000_000,
                                new Usage.Throttling(45, 41, 1_476_981_420)),
                        new Usage.Memory(
                                22_073_344,
                                23_486_464,
                                9_223_372_036_854_771_712L,
                                2,
                                Map.of("cache", 20_971_520L, "rss", 65_536L)),
                        new Usage.Tasks(3, 50),
                        new Usage.BlockIo(
                                List.of(
                                        new Usage.Device(254, 0, "Read", 4096),
                                        new Usage.Device(254, 0, "Write", 8192)),
                                List.of()),
                        Map.of()));
    }

    @Test
    void isReadFromVersionTwo() throws IOException {
        file("cpu.stat", """
                usage_usec 1343190
                user_usec 1310000
                system_usec 33190
                nr_periods 45
                nr_throttled 41
                throttled_usec 1476981
                """);
        file("memory.current", "22073344\n");
        file("memory.max", "max\n");
        file("memory.events", "low 0\nhigh 0\nmax 9\noom 2\noom_kill 1\n");
        file("memory.stat", "anon 65536\nfile 20971520\ninactive_file 20971520\n");
        file("pids.current", "3\n");
        file("pids.max", "max\n");
        file("io.stat", "254:0 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=0 dios=0\n7:1 \n");
        file("cpu.pressure", "some avg10=1.50 avg60=0.25 avg300=0.05 total=7\n");

        Usage usage = V2Usage.read(directory);

        assertThat(usage.cpu())
                .isEqualTo(new Usage.Cpu(
                        1_343_190_000,
                        List.of(),
                        1_310_000_000,
                        33_190_000,
                        new Usage.Throttling(45, 41, 1_476_981_000)));
        assertThat(usage.memory())
                .isEqualTo(new Usage.Memory(
                        22_073_344,
                        0,
                        Long.MAX_VALUE,
                        2,
                        Map.of("anon", 65_536L, "file", 20_971_520L, "inactive_file", 20_971_520L)));
        assertThat(usage.tasks()).isEqualTo(new Usage.Tasks(3, 0));
        assertThat(usage.blockIo())
                .isEqualTo(new Usage.BlockIo(
                        List.of(new Usage.Device(254, 0, "read", 4096), new Usage.Device(254, 0, "write", 8192)),
                        null));
        assertThat(usage.pressure()).containsOnlyKeys("cpu");
    }

    @Test
    void lacksWhatTheHostDoesNotCount() throws IOException {
        assertThat(V1Usage.read(_ -> null, null))
                .isEqualTo(new Usage(null, null, null, new Usage.BlockIo(List.of(), List.of()), Map.of()));
        assertThat(V2Usage.read(directory).memory()).isNull();
        assertThat(V2Usage.read(directory).tasks()).isNull();
    }
}
