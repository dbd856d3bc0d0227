package dev.gantry.e2e.images;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.BusyboxImage;
import dev.gantry.e2e.Client;
import dev.gantry.e2e.ClientKind;
import dev.gantry.e2e.Command;
import dev.gantry.e2e.DaemonKind;
import dev.gantry.e2e.DaemonUnderTest;
import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.LocalRegistry;
import dev.gantry.e2e.Result;
import dev.gantry.e2e.SystemCheck;
import dev.gantry.e2e.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A daemon whose data root is on a small file system, which gets full: it says so, keeps what it has, and
/// what runs goes on; what is removed gives space back, though not a byte is left.
class FullDiskIT {
    private static final int MEGABYTE = 1 << 20;

    /// Of the disk; the images that are too large for what is left of it; and what fits while it is not full.
    private static final int DISK = 64;

    private static final int LARGE = 40;
    private static final int SMALL = 4;

    @TempDir
    private static Path local;

    private static LocalRegistry registry;

    private SmallDisk disk;
    private DaemonUnderTest daemon;
    private Client docker;

    @BeforeAll
    static void makeImages() throws IOException {
        registry = LocalRegistry.start();
        registry.add("full:large", Map.of("noise", HexFormat.of().formatHex(noise(LARGE / 2))));
        registry.add("full:small", Map.of("noise", HexFormat.of().formatHex(noise(SMALL / 2))));
        Files.write(local.resolve("noise"), noise(LARGE));
        Files.copy(BusyboxImage.tar(Map.of("noise", noise(LARGE))), local.resolve("large.tar"));
        for (String size : List.of("large", "small")) {
            Result saved = Command.run(
                    List.of(
                            "skopeo",
                            "copy",
                            "--insecure-policy",
                            "--src-tls-verify=false",
                            "docker://" + registry.host() + "/full:" + size,
                            "docker-archive:" + local.resolve(size + ".archive") + ":loaded:" + size),
                    Map.of());
            assertThat(saved.exit()).as(saved::toString).isZero();
        }
    }

    private static byte[] noise(int megabytes) {
        byte[] bytes = new byte[megabytes * MEGABYTE];
        new Random(megabytes).nextBytes(bytes);
        return bytes;
    }

    @AfterAll
    static void closeTheRegistry() throws IOException {
        registry.close();
    }

    @BeforeEach
    void start() throws IOException {
        disk = SmallDisk.mounted(DISK);
        daemon = DaemonUnderTest.startOn(disk.root().resolve("data"), DaemonKind.GANTRY);
        docker = new Client(ClientKind.DOCKER, daemon);
        Result imported = docker.callWithInput(BusyboxImage.tar(), "import", "-", EndToEnd.IMAGE);
        assertThat(imported.exit()).as(imported::toString).isZero();
        String _ = ok(
                "run",
                "-d",
                "--name",
                "steady",
                EndToEnd.IMAGE,
                "sh",
                "-c",
                "i=0; while :; do i=$((i+1)); echo $i > /dev/shm/i; echo line $i; sleep 0.05; done");
    }

    @AfterEach
    void leaveNothing() throws IOException {
        try (SmallDisk _ = disk;
                DaemonUnderTest closed = daemon) {
            closed.removeContainers();
            Waiting.until(() -> closed.belongings().isEmpty(), () -> "left behind: " + belongings());
        }
    }

    private List<String> belongings() {
        try {
            return daemon.belongings();
        } catch (IOException e) {
            return List.of(e.toString());
        }
    }

    private String ok(String... words) throws IOException {
        Result result = docker.call(words);
        assertThat(result.exit()).as(() -> result + "\n" + daemon.logTail()).isZero();
        return result.out().strip();
    }

    /// What fails for lack of space names the file system that is full.
    private void full(int exit, Result result) {
        assertThat(result.exit()).as(result::toString).isEqualTo(exit);
        assertThat(result.err())
                .as(result::toString)
                .contains("no space left on device: " + disk.root() + " (")
                .contains(") is full");
    }

    private void full(int exit, String... words) throws IOException {
        full(exit, docker.call(words));
    }

    private String lists() throws IOException {
        return String.join(
                "\n\n",
                ok("images", "-a", "--format", "{{.Repository}} {{.Tag}} {{.Digest}} {{.ID}} {{.Size}}"),
                ok("ps", "-a", "--format", "{{.ID}} {{.State}}"));
    }

    private void goesOn() {
        String before = count();
        Waiting.until(() -> !count().equals(before), () -> "the container that runs does not go on");
    }

    private String count() {
        try {
            return ok("exec", "steady", "cat", "/dev/shm/i");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The number of the last line in its log.
    private long logged() throws IOException {
        return Long.parseLong(ok("logs", "--tail", "1", "steady").replace("line ", ""));
    }

    /// What cannot be compared for lack of space is told of; there is nothing else.
    private void agrees(boolean enoughSpace) throws IOException {
        JsonNode report = SystemCheck.of(daemon, "?deep=1");
        assertThat(report.at("/Findings")
                        .valueStream()
                        .map(each -> each.at("/Kind").asString() + ": "
                                + each.at("/Problem").asString()))
                .as(report::toPrettyString)
                .allMatch(each ->
                        each.startsWith("layer: cannot be compared with its blob: write ") && each.endsWith(" is full"))
                .hasSize(enoughSpace ? 0 : 1);
        SystemCheck.agrees(daemon);
    }

    @Test
    void keepsNothingOfWhatDoesNotFit() throws IOException {
        ok("run", "--name", "writes", EndToEnd.IMAGE, "dd", "if=/dev/urandom", "of=/noise", "bs=1M", "count=20");
        String before = lists();
        long free = disk.free();

        full(1, "pull", registry.host() + "/full:large");
        full(1, "load", "-i", local.resolve("large.archive").toString());
        full(1, "import", local.resolve("large.tar").toString(), "large");
        full(1, "commit", "writes", "large");
        assertThat(lists()).isEqualTo(before);
        assertThat(disk.free()).isGreaterThan(free - MEGABYTE);
        agrees(true);

        full(1, "cp", local.resolve("noise").toString(), "steady:/copied");
        ok("exec", "steady", "rm", "-f", "/copied");
        Result written =
                docker.call("run", "--name", "fills", EndToEnd.IMAGE, "dd", "if=/dev/zero", "of=/zeros", "bs=1M");
        assertThat(written.exit()).as(written::toString).isEqualTo(1);
        assertThat(written.err()).contains("No space left on device");
        goesOn();
        full(1, "pull", registry.host() + "/full:small");
        ok("rm", "fills");
        assertThat(lists()).isEqualTo(before);
        ok("pull", registry.host() + "/full:small");
        agrees(true);
    }

    @Test
    void answersWhenNotAByteIsLeft() throws IOException {
        ok("create", "--name", "created", EndToEnd.IMAGE, "true");
        ok("run", "--name", "ended", EndToEnd.IMAGE, "true");
        String before = lists();
        disk.fill();

        full(1, "pull", registry.host() + "/full:small");
        full(1, "load", "-i", local.resolve("small.archive").toString());
        full(1, docker.callWithInput(BusyboxImage.tar(Map.of("x", new byte[1])), "import", "-", "small"));
        full(1, "commit", "ended", "small");
        full(1, "cp", local.resolve("noise").toString(), "steady:/copied");
        full(1, "create", "--name", "new", EndToEnd.IMAGE, "true");
        full(125, "run", "--name", "new", EndToEnd.IMAGE, "true");
        full(1, "start", "created");
        full(1, "volume", "create", "new");
        assertThat(lists()).isEqualTo(before);
        assertThat(ok("volume", "ls", "-q")).isEmpty();
        goesOn();
        assertThat(ok("logs", "steady")).startsWith("line 1\n");
        ok("system", "df", "-v");
        agrees(false);

        assertThat(daemon.end("TERM")).isZero();
        daemon.startAgain();
        assertThat(lists()).isEqualTo(before);
        goesOn();

        disk.drain();
        Waiting.until(
                () -> {
                    long counted = Long.parseLong(count());
                    return logged() >= counted;
                },
                () -> "the log is not written again");
        ok("start", "-a", "created");
        ok("create", "--name", "new", EndToEnd.IMAGE, "true");
        ok("pull", registry.host() + "/full:small");
        agrees(true);
    }

    @Test
    void givesSpaceBackWhenNotAByteIsLeft() throws IOException {
        String small = registry.host() + "/full:small";
        ok("pull", small);
        ok("tag", small, "small:other");
        ok("load", "-i", local.resolve("small.archive").toString());
        ok("run", "--name", "ended", EndToEnd.IMAGE, "dd", "if=/dev/urandom", "of=/noise", "bs=1M", "count=8");
        ok("commit", "ended", "dangling");
        ok("tag", EndToEnd.IMAGE, "dangling");
        disk.fill();

        frees(7, "container", "prune", "-f");
        disk.fill();
        frees(15, "image", "prune", "-f");
        disk.fill();
        ok("rmi", "small:other");
        frees(SMALL + 1, "rmi", "loaded:small", small);
        disk.fill();
        assertThat(ok("images", "--format", "{{.Repository}}").lines())
                .containsExactlyInAnyOrder(EndToEnd.IMAGE, "dangling");
        agrees(false);
    }

    private void frees(int megabytes, String... words) throws IOException {
        ok(words);
        assertThat(disk.free()).isGreaterThan((long) megabytes * MEGABYTE);
        goesOn();
    }
}
