package dev.gantry.e2e.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.e2e.LocalRegistry;
import dev.gantry.e2e.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A machine loses its power at random points while images are pulled, imported, loaded, committed, named, removed and
/// pruned, and containers and volumes are created, started, ended, renamed and removed. Each time the store opens, what
/// was acknowledged is there, every image verifies, and nobody's space is taken.
/// `-De2e.cuts=50` makes it a long run, `-De2e.seed=<number>` repeats its choices (not its timing).
class PowerCutIT {
    private static final int CUTS = Integer.getInteger("e2e.cuts", 3);
    private static final int STEPS_OF_THE_LAST = 4;
    private static final int FILE = 100_000;

    private final long seed = Long.getLong("e2e.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private Path directory;
    private Machine machine;

    @BeforeEach
    void make() throws IOException {
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "host: the virtual machine is for x86-64");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-system-x86_64")), "qemu-system-x86_64 is not installed");
        directory = Files.createTempDirectory("gantry-power");
        Path images = directory.resolve("registry");
        try (LocalRegistry registry = LocalRegistry.start(images)) {
            registry.add(Work.REPOSITORIES.get(0) + ":1", Map.of("one", text()));
            registry.add(
                    Work.REPOSITORIES.get(1) + ":1",
                    new LinkedHashMap<>(Map.of("a", text(), "b", text(), "c/d", text())));
        }
        machine = Machine.make(directory, images);
    }

    private String text() {
        return random.ints(FILE, '0', 'z')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @AfterEach
    void delete() throws IOException {
        if (directory == null) {
            return;
        }
        if (machine != null) {
            machine.close();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    @Test
    void losesNothingAtRandomPoints() throws IOException, InterruptedException {
        System.out.printf("%d power cuts, seed %d%n", CUTS, seed);
        Expectations expectations = new Expectations();
        Map<String, Integer> interrupted = new TreeMap<>();
        int lost = 0;
        for (int round : IntStream.rangeClosed(1, CUTS).toArray()) {
            Machine.Cut cut = Machine.Cut.random(random);
            Machine.Life life = machine.untilCut(random.nextLong(), cut);
            check("round %d of seed %d, %s".formatted(round, seed, cut), life, expectations);
            lost += life.lost();
            expectations.unfinished().forEach(step -> interrupted.merge(step, 1, Integer::sum));
            System.out.printf(
                    "round %d: %s, %d requests, %d steps acknowledged so far, cut in %s, %d sectors lost%n",
                    round, cut, life.requests(), expectations.acknowledged(), expectations.unfinished(), life.lost());
        }
        Machine.Life last = machine.untilItsEnd(random.nextLong(), STEPS_OF_THE_LAST);
        check("the end of seed " + seed, last, expectations);
        assertThat(last.told().getLast()).as(last::output).containsExactly(Events.COMPLETE);
        Result sound = machine.fileSystemCheck();
        assertThat(sound.exit()).as(sound::toString).isZero();
        System.out.printf(
                "%d power cuts (seed %d): %d steps were acknowledged, %s were cut off, %d sectors lost%n",
                CUTS, seed, expectations.acknowledged(), interrupted, lost);
    }

    private static void check(String what, Machine.Life life, Expectations expectations) {
        assertThat(expectations.wrong(life.told())).as(what).isEmpty();
        assertThat(life.told())
                .as(() -> what + ": it was checked\n" + life.output())
                .anyMatch(line -> line[0].equals(Events.CHECKED));
    }
}
