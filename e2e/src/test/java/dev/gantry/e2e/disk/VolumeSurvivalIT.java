package dev.gantry.e2e.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.BusyboxImage;
import dev.gantry.e2e.Command;
import dev.gantry.e2e.DoomedDaemon;
import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.Result;
import dev.gantry.e2e.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The daemon is killed with SIGKILL: volumes and who uses them are what they were.
class VolumeSurvivalIT extends DoomedDaemon {
    /// Without the files that the engine mounts into every container.
    private static final String COUNT = "find %s ! -name hosts ! -name hostname ! -name resolv.conf | wc -l";

    private static final int ROUNDS = 8;
    private static final int MANY = 3000;

    @Test
    void keepsVolumesAndTheirUsers() throws IOException {
        ok("volume", "create", "--label", "a=b", "alone");
        String runs = ok("run", "-d", "-v", "named:/data", "-v", "/own", EndToEnd.IMAGE, "sleep", "1000");
        String ended = ok("create", "-v", "named:/data", "-v", "/own", EndToEnd.IMAGE, "true");
        String before = ok("volume", "inspect", "alone", "named");
        String mounts = ok("inspect", "-f", "{{json .Mounts}}", runs, ended);

        die();

        assertThat(ok("volume", "inspect", "alone", "named")).isEqualTo(before);
        assertThat(ok("inspect", "-f", "{{json .Mounts}}", runs, ended)).isEqualTo(mounts);
        Result refused = docker.call("volume", "rm", "named");
        assertThat(refused.err()).contains("volume is in use - [").contains(runs, ended);
        assertThat(ok("volume", "prune", "-f")).isEqualTo("Total reclaimed space: 0B");
        ok("rm", "-f", "-v", runs, ended);
        assertThat(ok("volume", "ls", "-q")).isEqualTo("alone\nnamed");
    }

    @Test
    void takesTheVolumesOfContainersThatGoMeanwhile() throws IOException {
        Path signal = Files.createDirectory(daemon.directory().resolve("signal"));
        String script = "while [ ! -e /signal/go ]; do sleep 0.05; done";
        ok(
                "run",
                "-d",
                "--rm",
                "-v",
                "named:/a",
                "-v",
                "/b",
                "-v",
                signal + ":/signal",
                EndToEnd.IMAGE,
                "sh",
                "-c",
                script);
        assertThat(ok("volume", "ls", "-q").lines()).hasSize(2);

        daemon.end("KILL");
        Files.createFile(signal.resolve("go"));
        daemon.startAgain();

        Waiting.until(() -> ok("ps", "-aq").isEmpty(), () -> "the container stays");
        Waiting.until(() -> ok("volume", "ls", "-q").equals("named"), () -> "the volume without a name stays");
    }

    @Test
    void leavesWholeVolumesWheneverItComes() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String files = ok("run", "--rm", EndToEnd.IMAGE, "sh", "-c", COUNT.formatted("/etc /bin"));
        for (int round = 0; round < ROUNDS; round++) {
            kill(random, round);
            for (String volume : ok("volume", "ls", "-q").lines().toList()) {
                String found =
                        ok("run", "--rm", "-v", volume + ":/x:ro", EndToEnd.IMAGE, "sh", "-c", COUNT.formatted("/x"));
                // filled, or not there: nothing in between
                assertThat(Integer.parseInt(found))
                        .as("seed %d, round %d, volume %s", seed, round, volume)
                        .isIn(counts(files));
            }
            assertThat(names(daemon.directory().resolve("data/volumes")))
                    .as("seed %d", seed)
                    .noneMatch(name -> name.startsWith("."));
        }
    }

    /// Killed as soon as the first of many files is there, in a volume that another container has.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fillsVolumesThatOthersHaveAsAWhole(boolean ofTheHost) throws IOException {
        Map<String, byte[]> files =
                IntStream.range(0, MANY).boxed().collect(Collectors.toMap(i -> "many/" + i, _ -> new byte[] {1}));
        Result imported = docker.callWithInput(BusyboxImage.tar(files), "import", "-", "many");
        assertThat(imported.exit()).as(imported::toString).isZero();
        Path host = Files.createDirectory(daemon.directory().resolve("host"));
        Path data = ofTheHost ? host : daemon.directory().resolve("data/volumes/shared/_data");
        if (ofTheHost) {
            ok("volume", "create", "-o", "type=none", "-o", "o=bind", "-o", "device=" + host, "shared");
        }
        ok("create", "-v", "shared:/x:nocopy", "many", "true");

        try (Command _ = docker.start("create", "-v", "shared:/many", "many", "true")) {
            Waiting.until(() -> !names(data).isEmpty(), () -> "nothing comes into the volume");
            die();
        }

        assertThat(names(data)).hasSize(MANY).doesNotContain(".gantry-filling");
        assertThat(names(daemon.directory().resolve("data/volumes/shared")))
                .containsExactlyInAnyOrder("_data", "volume.json");
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(each -> String.valueOf(each.getFileName())).toList();
        }
    }

    /// An empty volume, /etc, or /bin.
    private List<Integer> counts(String together) throws IOException {
        int etc = Integer.parseInt(ok("run", "--rm", EndToEnd.IMAGE, "sh", "-c", COUNT.formatted("/etc")));
        return List.of(1, etc, Integer.parseInt(together) - etc);
    }

    /// While volumes are made, filled and removed.
    private void kill(Random random, int round) throws IOException {
        List<Command> commands = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                String name = "v" + round + i;
                commands.add(docker.start("create", "-v", name + ":/bin", "-v", "/etc", EndToEnd.IMAGE, "true"));
                commands.add(docker.start("volume", "create", "w" + name));
                commands.add(docker.start("volume", "prune", "-af"));
            }
            LockSupport.parkNanos(random.nextLong(400_000_000));
            daemon.end("KILL");
        } finally {
            commands.forEach(Command::close);
        }
        daemon.startAgain();
    }
}
