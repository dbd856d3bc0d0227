package dev.gantry.e2e.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gantry.e2e.BusyboxImage;
import dev.gantry.e2e.Command;
import dev.gantry.e2e.DaemonKind;
import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EngineConnection;
import dev.gantry.e2e.EverySetup;
import dev.gantry.e2e.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// `system df`, `ps -s` and `inspect -s`.
@EverySetup
class DiskUsageIT extends EndToEnd {
    private static final Percentage ONE = Percentage.withPercentage(1);

    @AfterEach
    void removeVolumes() throws IOException {
        setup.daemon().removeContainers();
        for (String name : ok("volume", "ls", "-q").lines().toList()) {
            ok("volume", "rm", name);
        }
    }

    private void imports(String name, Map<String, byte[]> files, String... options) throws IOException {
        String[] words = new String[options.length + 3];
        System.arraycopy(options, 0, words, 1, options.length);
        words[0] = "import";
        words[words.length - 2] = "-";
        words[words.length - 1] = name;
        Result imported = setup.client().callWithInput(BusyboxImage.tar(files), words);
        assertThat(imported.exit()).as(imported::toString).isZero();
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    private JsonNode usage(String query) throws IOException {
        return api("/v1.41/system/df" + query);
    }

    private long du(String part) throws IOException {
        Path directory = setup.daemon().directory().resolve("data").resolve(part);
        Result du = Command.run(List.of("du", "-s", "-B1", directory.toString()), Map.of());
        assertThat(du.exit()).as(du::toString).isZero();
        return Long.parseLong(du.out().substring(0, du.out().indexOf('\t')));
    }

    private static long sum(JsonNode list, String pointer) {
        return list.valueStream().mapToLong(each -> each.at(pointer).asLong()).sum();
    }

    @Test
    void countsWhatThereIsAndWhatIsInUse() throws IOException {
        imports("df-one", Map.of());
        String running = background("sleep 60", "-v", "df-used:/data");
        ok("create", "--name", newName(), "df-one", "true");
        ok("volume", "create", "df-unused");

        List<String> lines = ok("system", "df").lines().toList();
        assertThat(lines.getFirst()).matches("TYPE +TOTAL +ACTIVE +SIZE +RECLAIMABLE");
        assertThat(lines.get(1)).matches("Images +2 +2 .*");
        assertThat(lines.get(2)).matches("Containers +2 +1 .*");
        assertThat(lines.get(3)).matches("Local Volumes +2 +1 .*");
        assertThat(lines.get(4)).matches("Build Cache +0 +0 +0B +0B");
        assertThat(ok("system", "df", "--format", "{{.Type}}:{{.TotalCount}}:{{.Active}}")
                        .lines())
                .containsExactly("Images:2:2", "Containers:2:1", "Local Volumes:2:1", "Build Cache:0:0");
        assertThat(ok("system", "df", "-v"))
                .containsPattern("(?m)^REPOSITORY +TAG +IMAGE ID +CREATED +SIZE +SHARED SIZE +UNIQUE SIZE +CONTAINERS")
                .containsPattern("(?m)^df-one +latest +[0-9a-f]{12} .* 1$")
                .containsPattern("(?m)^[0-9a-f]{12} +busybox +\"sh -c 'sleep 60'\" +1 .* " + running + "$")
                .containsPattern("(?m)^df-unused +0 ")
                .containsPattern("(?m)^df-used +1 ");
        ok("rm", "-f", running);
        setup.daemon().removeContainers();
        ok("rmi", "df-one");
    }

    /// dockerd counts the contents of files alone, neither blocks nor directories, logs or what it downloaded.
    @Test
    void agreesWithDu() throws IOException {
        if (setup.daemon().kind() == DaemonKind.DOCKERD) {
            return;
        }
        imports("df-large", Map.of("noise", noise(5_000_000), "a/b/small", new byte[10]));
        imports("df-large2", Map.of("noise", noise(5_000_000), "a/b/small", new byte[10]), "-c", "ENV A=b");
        ok("tag", "df-large", "df-large:other");
        String writes = background(
                "dd if=/dev/urandom of=/out bs=1000 count=3000 2> /dev/null; truncate -s 1G /hole;"
                        + " for i in $(seq 2000); do echo line $i; echo $i > /tmp/$i; done;"
                        + " dd if=/dev/urandom of=/data/v bs=1000 count=2000 2> /dev/null; ln /data/v /data/w; sleep 1000",
                "-v",
                "df-data:/data");
        awaitLog(writes, "line 2000\n");
        ok("exec", writes, "sh", "-c", "while [ ! -e /data/w ]; do sleep 0.1; done; sync");
        ok("volume", "create", "df-empty");

        JsonNode usage = usage("");
        assertThat(usage.get("LayersSize").asLong()).isCloseTo(du("images"), ONE);
        assertThat(sum(usage.get("Containers"), "/SizeRw"))
                .isGreaterThan(3_000_000L + 2000 * 4096)
                .isLessThan(20_000_000)
                .isCloseTo(du("containers"), ONE);
        assertThat(sum(usage.get("Volumes"), "/UsageData/Size"))
                .isGreaterThan(2_000_000)
                .isLessThan(2_200_000)
                .isCloseTo(du("volumes") - 4096, ONE);
        long all = usage.get("LayersSize").asLong()
                + sum(usage.get("Containers"), "/SizeRw")
                + sum(usage.get("Volumes"), "/UsageData/Size");
        assertThat(all).isCloseTo(du(""), ONE);

        JsonNode parts = api("/gantry/system/df");
        assertThat(parts.get("Layers").asLong()
                        + parts.get("Blobs").asLong()
                        + parts.get("Other").asLong())
                .isEqualTo(usage.get("LayersSize").asLong());
        setup.daemon().removeContainers();
        ok("rmi", "-f", "df-large", "df-large:other", "df-large2");
    }

    @Test
    void countsSharedLayersOnce() throws IOException {
        long before = usage("").get("LayersSize").asLong();
        imports("df-a", Map.of("noise", noise(4_000_000)));
        long one = usage("").get("LayersSize").asLong();
        imports("df-b", Map.of("noise", noise(4_000_000)), "-c", "ENV A=b");
        JsonNode usage = usage("");
        long two = usage.get("LayersSize").asLong();
        assertThat(one - before).isGreaterThan(4_000_000);
        assertThat(two - one).isLessThan(200_000);
        JsonNode image = usage.get("Images")
                .valueStream()
                .filter(each -> each.get("RepoTags").toString().contains("df-b"))
                .findFirst()
                .orElseThrow();
        assertThat(image.get("SharedSize").asLong()).isGreaterThan(4_000_000);
        assertThat(image.get("Size").asLong() - image.get("SharedSize").asLong())
                .isBetween(0L, 200_000L);
        ok("rmi", "df-a");
        assertThat(usage("").get("LayersSize").asLong()).isCloseTo(one, within(200_000L));
        ok("rmi", "df-b");
        assertThat(usage("").get("LayersSize").asLong()).isCloseTo(before, within(200_000L));
    }

    @Test
    void givesWhatIsAskedFor() throws IOException {
        if (setup.daemon().kind() == DaemonKind.DOCKERD) {
            return; // 20.10 always gives everything
        }
        assertThat(api("/v1.50/system/df?type=volume&type=image").propertyNames())
                .containsExactlyInAnyOrder("LayersSize", "Images", "Volumes");
        assertThat(api("/v1.50/system/df?type=container").propertyNames()).containsExactly("Containers");
        assertThat(api("/v1.50/system/df?type=build-cache").propertyNames()).containsExactly("BuildCache");
        assertThat(api("/v1.50/system/df").propertyNames())
                .containsExactlyInAnyOrder("LayersSize", "Images", "Containers", "Volumes", "BuildCache");
        try (EngineConnection connection = setup.daemon().connect()) {
            assertThat(connection.get("/v1.50/system/df?type=x").text()).contains("unknown object type: x");
        }
    }

    @Test
    void showsWhatAContainerHasWritten() throws IOException {
        String fresh = newName();
        ok("create", "--name", fresh, IMAGE, "true");
        String name = background("head -c 1234567 /dev/zero > /x; ln /x /y; echo ready; sleep 60");
        awaitLog(name, "ready");
        JsonNode inspected = json(ok("inspect", "-s", name)).get(0);
        assertThat(inspected.get("SizeRw").asLong()).isEqualTo(1_234_567);
        assertThat(inspected.get("SizeRootFs").asLong())
                .isEqualTo(1_234_567
                        + api("/v1.41/images/busybox/json").get("Size").asLong());
        assertThat(ok("ps", "-as", "--filter", "name=" + name, "--format", "{{.Size}}"))
                .startsWith("1.23MB (virtual ");
        assertThat(ok("ps", "-as", "--filter", "name=" + fresh, "--format", "{{.Size}}"))
                .startsWith("0B (virtual ");
        assertThat(inspect(name).has("SizeRw")).isFalse();
    }

    @Test
    void isGivenInTheBytesOfTheDisk() throws IOException {
        String name = newName();
        ok("run", "--name", name, IMAGE, "sh", "-c", "truncate -s 1G /hole; head -c 2000000 /dev/zero > /x");
        JsonNode container = usage("").get("Containers").get(0);
        if (setup.onGantry()) {
            // with log, configuration and directories, without the hole
            assertThat(container.get("SizeRw").asLong()).isBetween(2_000_000L, 2_200_000L);
        } else {
            assertThat(container.get("SizeRw").asLong()).isGreaterThan(1_000_000_000);
        }
    }
}
