package dev.gantry.e2e.registries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.Client;
import dev.gantry.e2e.ClientKind;
import dev.gantry.e2e.Command;
import dev.gantry.e2e.DaemonKind;
import dev.gantry.e2e.DaemonUnderTest;
import dev.gantry.e2e.LocalRegistry;
import dev.gantry.e2e.ProcessStatus;
import dev.gantry.e2e.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A layer that is larger than the daemon may get: it is never whole in memory. `-De2e.layer=2048` (MiB) is what
/// docs/reliability.md has the result of.
class LargeLayerIT {
    private static final int SIZE = Integer.getInteger("e2e.layer", 256);
    private static final int SMALL = 8;
    private static final long MOST_KIBIBYTES = 64 << 10;
    private static final Duration LONGEST = Duration.ofMinutes(5);

    @TempDir
    private Path directory;

    private LocalRegistry registry;
    private DaemonUnderTest daemon;

    @BeforeEach
    void start() throws IOException {
        registry = LocalRegistry.start();
        daemon = DaemonUnderTest.start(DaemonKind.GANTRY);
    }

    @AfterEach
    void close() throws IOException {
        daemon.close();
        registry.close();
    }

    @Test
    void isNeverWholeInMemory() throws IOException {
        Path small = layer("small", SMALL);
        Path large = layer("large", SIZE);
        // what is loaded once is no layer's
        steps(small, registry.host() + "/small:1", false);
        steps(large, registry.host() + "/large:1", true);
    }

    /// An archive with a file of random bytes.
    private Path layer(String name, int mebibytes) throws IOException {
        String script = "head -c %dM /dev/urandom > %s && tar -cf %s.tar %s && rm %s"
                .formatted(mebibytes, name, name, name, name);
        ok(Command.start(List.of("sh", "-c", "cd " + directory + " && " + script), Map.of()));
        return directory.resolve(name + ".tar");
    }

    private void steps(Path layer, String image, boolean measured) throws IOException {
        Client docker = new Client(ClientKind.DOCKER, daemon);
        String archive = directory.resolve("saved.tar").toString();
        for (List<String> step : List.of(
                List.of("import", layer.toString(), image),
                List.of("push", image),
                List.of("rmi", image),
                List.of("pull", image),
                List.of("save", "-o", archive, image),
                List.of("rmi", image),
                List.of("load", "-i", archive))) {
            long before = ProcessStatus.number(daemon.pid(), "VmRSS");
            // proc_pid_clear_refs(5): the peak begins anew
            Files.writeString(Path.of("/proc", Long.toString(daemon.pid()), "clear_refs"), "5");
            ok(docker.start(step.toArray(String[]::new)));
            long grown = ProcessStatus.number(daemon.pid(), "VmHWM") - before;
            System.out.printf("%s of %s: %d KiB more%n", step.getFirst(), layer.getFileName(), grown);
            if (measured) {
                assertThat(grown).as(() -> step + "\n" + daemon.logTail()).isLessThan(MOST_KIBIBYTES);
            }
        }
        Files.delete(Path.of(archive));
    }

    private static void ok(Command command) throws IOException {
        try (command) {
            Result result = command.await(LONGEST);
            assertThat(result.exit()).as(result::toString).isZero();
        }
    }
}
