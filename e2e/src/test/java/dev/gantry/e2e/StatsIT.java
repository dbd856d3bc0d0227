package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// `docker stats`: what containers use.
@EverySetup
class StatsIT extends EndToEnd {
    private static final String NEVER = "0001-01-01T00:00:00Z";

    private JsonNode once(String container) throws IOException {
        return api("/containers/" + container + "/stats?stream=0");
    }

    @Test
    void showsATable() throws IOException {
        String name = background("sleep 60", "-m", "64m");
        List<String> lines = ok("stats", "--no-stream").lines().toList();

        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst())
                .matches("CONTAINER ID +NAME +CPU % +MEM USAGE / LIMIT +MEM % +NET I/O +BLOCK I/O +PIDS");
        assertThat(lines.getLast()).contains(name, " / 64MiB ", "0B / 0B");
    }

    @Test
    void showsStoppedContainersOnRequest() throws IOException {
        String running = background("sleep 60");
        String stopped = newName();
        ok("create", "--name", stopped, IMAGE, "true");

        assertThat(ok("stats", "--no-stream", "--format", "{{.Name}}")).isEqualTo(running);
        assertThat(ok("stats", "--no-stream", "-a", "--format", "{{.Name}}").lines())
                .containsExactlyInAnyOrder(running, stopped);
        assertThat(ok("stats", "--no-stream", "--format", "{{.MemUsage}} {{.PIDs}}", stopped))
                .isEqualTo("0B / 0B 0");
    }

    @Test
    void namesAContainerThatIsNotThere() throws IOException {
        assertThat(fails(1, "stats", "--no-stream", "no-such")).contains("No such container: no-such");
    }

    @Test
    void tellsProcessorTimeBetweenTwoSamples() throws IOException {
        JsonNode stats = once(background("while :; do :; done"));

        assertThat(stats.at("/cpu_stats/online_cpus").asInt()).isPositive();
        assertThat(grown(stats, "cpu_usage/total_usage")).isPositive();
        assertThat(grown(stats, "system_cpu_usage")).isGreaterThan(500_000_000);
        assertThat(stats.at("/read").asString())
                .isGreaterThan(stats.at("/preread").asString());
    }

    private static long grown(JsonNode stats, String figure) {
        return stats.at("/cpu_stats/" + figure).asLong()
                - stats.at("/precpu_stats/" + figure).asLong();
    }

    @Test
    void tellsHowAQuotaHoldsBack() throws IOException {
        JsonNode throttling =
                once(background("while :; do :; done", "--cpus", "0.1")).at("/cpu_stats/throttling_data");

        assertThat(throttling.at("/periods").asLong()).isPositive();
        assertThat(throttling.at("/throttled_periods").asLong()).isPositive();
        assertThat(throttling.at("/throttled_time").asLong()).isPositive();
    }

    /// The client takes the page cache that can be given back off the usage, by these figures.
    @Test
    void tellsMemoryAndTheCacheInIt() throws IOException {
        String name = background(
                "head -c 8000000 /dev/zero > /file; cat /file > /dev/null; echo done; sleep 60", "-m", "64m");
        awaitLog(name, "done");
        JsonNode memory = once(name).at("/memory_stats");

        String cache = Cgroups.unified() ? "file" : "cache";
        assertThat(memory.at("/stats/" + cache).asLong()).isGreaterThan(7_000_000);
        assertThat(memory.at("/stats").has(Cgroups.unified() ? "inactive_file" : "total_inactive_file"))
                .isTrue();
        assertThat(memory.at("/usage").asLong())
                .isGreaterThan(memory.at("/stats/" + cache).asLong());
        assertThat(memory.at("/limit").asLong()).isEqualTo(64 << 20);
    }

    @Test
    void tellsTheHostsMemoryWithoutALimit() throws IOException {
        assertThat(once(background("sleep 60")).at("/memory_stats/limit").asLong())
                .isEqualTo(api("/info").at("/MemTotal").asLong());
    }

    @Test
    void countsProcesses() throws IOException {
        String name = background("sleep 61 & sleep 62 & echo done; wait", "--pids-limit", "30");
        awaitLog(name, "done");

        assertThat(once(name).at("/pids_stats/current").asInt()).isEqualTo(3);
        assertThat(once(name).at("/pids_stats/limit").asInt()).isEqualTo(30);
    }

    @Test
    void countsNothingWithoutANetwork() throws IOException {
        assertThat(once(background("sleep 60", "--network", "none")).has("networks"))
                .isFalse();
        assertThat(once(background("sleep 60", "--network", "host")).has("networks"))
                .isFalse();
    }

    @Test
    void tellsOnceAndAtOnceWhatHasNoPrevious() throws IOException {
        String name = background("sleep 60");
        JsonNode stats = api("/containers/" + name + "/stats?stream=0&one-shot=1");

        assertThat(stats.at("/preread").asString()).isEqualTo(NEVER);
        assertThat(stats.at("/precpu_stats/cpu_usage/total_usage").asLong()).isZero();
        assertThat(stats.at("/memory_stats/usage").asLong()).isPositive();
    }

    @Test
    void tellsNothingOfAStoppedContainer() throws IOException {
        String name = background("true");
        ok("wait", name);
        JsonNode stats = once(name);

        assertThat(stats.at("/read").asString()).isEqualTo(NEVER);
        assertThat(stats.at("/name").asString()).isEqualTo("/" + name);
        assertThat(stats.at("/memory_stats")).isEmpty();
        assertThat(stats.at("/blkio_stats/io_service_bytes_recursive").isNull()).isTrue();
    }

    @Test
    void tellsThePressureWhereTheKernelDoes() throws IOException {
        JsonNode pressure =
                once(background("while :; do :; done", "--cpus", "0.1")).at("/pressure_stats");

        // Gantry's own
        assertThat(pressure.isMissingNode()).isEqualTo(!setup.onGantry());
        if (setup.onGantry()) {
            assertThat(pressure.at("/cpu/some/total").asLong()).isPositive();
            assertThat(pressure.at("/memory/full/avg10").isNumber()).isTrue();
            assertThat(pressure.has("io")).isTrue();
        }
    }
}
