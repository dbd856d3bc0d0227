package dev.gantry.e2e.power;

import dev.gantry.e2e.Command;
import dev.gantry.e2e.Repository;
import dev.gantry.e2e.Result;
import dev.gantry.e2e.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;

/// A virtual machine with a disk that outlives it. It works in a directory of its own, which is not its to delete.
final class Machine implements AutoCloseable {
    private static final String DISK_SIZE = "2G";
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    /// So many seconds after its start a machine has hung.
    private static final String LONGEST_LIFE = "900";

    private final Path directory;
    private final Path registry;
    private final Path image;
    private final VolatileDisk disk;
    private int boots;

    private Machine(Path directory, Path registry, Path image, VolatileDisk disk) {
        this.directory = directory;
        this.registry = registry;
        this.image = image;
        this.disk = disk;
    }

    /// Makes its disk.
    ///
    /// @param registry what the registry in it has
    static Machine make(Path directory, Path registry) throws IOException {
        Path image = directory.resolve("disk.img");
        run("truncate", "-s", DISK_SIZE, image.toString());
        run("mkfs.ext4", "-q", "-b", Integer.toString(VolatileDisk.SECTOR), image.toString());
        return new Machine(directory, registry, image, VolatileDisk.open(image));
    }

    private static void run(String... words) throws IOException {
        Result result = Command.run(List.of(words), Map.of());
        if (result.exit() != 0) {
            throw new IOException(result.toString());
        }
    }

    /// When and how the power is cut: so many steps after the check, and then after so many writes and flushes or after
    /// a time.
    ///
    /// @param loss how probable it is for a sector that was not flushed to be lost
    record Cut(int steps, int requests, Duration time, double loss) {
        private static final int MOST_STEPS = 10;
        private static final int MOST_REQUESTS = 60;
        private static final int LONGEST_MILLIS = 10_000;

        static Cut random(Random random) {
            return new Cut(
                    random.nextInt(MOST_STEPS + 1),
                    1 + random.nextInt(MOST_REQUESTS),
                    Duration.ofMillis(random.nextInt(LONGEST_MILLIS)),
                    random.nextBoolean() ? 1 : random.nextDouble());
        }
    }

    /// What a life of the machine came to.
    ///
    /// @param told its [Events]
    /// @param requests writes and flushes
    /// @param lost sectors
    record Life(List<String[]> told, int requests, int lost, String output) {}

    private interface Course {
        void run(DiskServer server, Command machine) throws IOException, InterruptedException;
    }

    /// Starts it, lets it work, and cuts its power.
    Life untilCut(long seed, Cut cut) throws IOException, InterruptedException {
        Life life = live(seed, Integer.MAX_VALUE, (server, machine) -> {
            await(() -> !machine.running() || told(Events.CHECKED) > 0, machine);
            await(() -> !machine.running() || told(Events.DONE) >= cut.steps(), machine);
            server.cutAfter(cut.requests());
            if (!server.awaitCut(cut.time())) {
                server.cut();
            }
        });
        int lost = disk.lose(new Random(seed), cut.loss());
        return new Life(life.told(), life.requests(), lost, life.output());
    }

    /// Starts it, and lets it work and end.
    Life untilItsEnd(long seed, int steps) throws IOException, InterruptedException {
        return live(seed, steps, (_, machine) -> await(() -> !machine.running(), machine));
    }

    private Life live(long seed, int steps, Course course) throws IOException, InterruptedException {
        try (DiskServer server = DiskServer.start(disk, directory.resolve("disk.sock"))) {
            Command machine = boot(server, seed, steps);
            try {
                course.run(server, machine);
            } finally {
                kill(machine);
            }
            return new Life(events().told(), server.requests(), 0, machine.outSoFar());
        }
    }

    private static void await(Callable<Boolean> condition, Command machine) {
        Waiting.until(PATIENCE, condition, () -> "the machine hangs\n" + machine.outSoFar());
    }

    private long told(String kind) throws IOException {
        return events().told().stream().filter(line -> line[0].equals(kind)).count();
    }

    /// What the file system's own check says.
    Result fileSystemCheck() throws IOException {
        return Command.run(List.of("e2fsck", "-f", "-n", image.toString()), Map.of());
    }

    private Events events() {
        return new Events(directory.resolve("results").resolve("events" + boots));
    }

    private Command boot(DiskServer server, long seed, int steps) throws IOException {
        boots++;
        Path results = Files.createDirectories(directory.resolve("results"));
        List<String> words = new ArrayList<>(
                List.of(Repository.root().resolve("scripts/vm").toString(), "--results", results.toString()));
        words.addAll(List.of("--disk", server.address()));
        words.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        words.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-De2e.slowness=10"));
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), Guest.class.getName()));
        words.addAll(List.of(events().file().toString(), registry.toString()));
        words.addAll(List.of(Long.toString(seed), Integer.toString(steps)));
        return Command.start(words, Map.of("VM_TIMEOUT", LONGEST_LIFE));
    }

    /// As a power cut does: nothing in it gets to know. The script that has started it cleans up.
    private static void kill(Command machine) {
        ProcessHandle.of(machine.pid()).stream()
                .flatMap(ProcessHandle::descendants)
                .filter(each -> each.info().command().orElse("").endsWith("qemu-system-x86_64"))
                .forEach(ProcessHandle::destroyForcibly);
        Result _ = machine.await();
    }

    @Override
    public void close() throws IOException {
        disk.close();
    }
}
