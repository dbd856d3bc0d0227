package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.JsonNode;

/// A daemon for each test alone, which may be killed, and leaves nothing behind in the end.
public abstract class DoomedDaemon {
    protected DaemonUnderTest daemon;
    protected Client docker;

    @BeforeEach
    void startOne() throws IOException {
        start();
    }

    /// Starts another one, where the first was closed.
    protected void start(String... options) throws IOException {
        use(DaemonUnderTest.start(DaemonKind.GANTRY, options));
    }

    /// Goes on with this one, which has no image yet.
    protected void use(DaemonUnderTest started) throws IOException {
        daemon = started;
        docker = new Client(ClientKind.DOCKER, daemon);
        Result imported = docker.callWithInput(BusyboxImage.tar(Map.of()), "import", "-", EndToEnd.IMAGE);
        assertThat(imported.exit()).as(imported::toString).isZero();
    }

    @AfterEach
    void leavesNothingAtItsEnd() throws IOException {
        if (daemon == null) {
            return; // its start was skipped
        }
        try (DaemonUnderTest closed = daemon) {
            if (closed.running()) {
                closed.removeContainers();
                if (closed.kind() == DaemonKind.GANTRY) {
                    // what is to be removed at its end may still be on its way out
                    Waiting.until(() -> closed.belongings().isEmpty(), () -> "something is left behind");
                }
            }
        }
        assertThat(Cgroups.named(daemon.cgroupParent())).isEmpty();
    }

    /// Kills it, and starts the next one on what it has left.
    protected void die() throws IOException {
        daemon.end("KILL");
        daemon.startAgain();
    }

    /// Ends it as a reboot does, and starts the next one: what runs is of an earlier boot, the durable state stays.
    protected void reboot() throws IOException {
        daemon.end("KILL");
        for (Path each : in("exec/containers")) {
            Path record = each.resolve("container");
            if (Files.exists(record)) { // else it was being removed: its container has ended
                Files.writeString(record, ofAnotherBoot(Files.readString(record)));
            }
        }
        for (Path each : in("data/containers")) {
            Path state = each.resolve("state");
            if (Files.exists(state)) { // else it was never started
                rewriteState(state);
            }
        }
        daemon.startAgain();
    }

    /// Starts a container in the background.
    protected void run(String name, String script, String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("run", "-d", "--name", name));
        words.addAll(List.of(options));
        words.addAll(List.of(EndToEnd.IMAGE, "sh", "-c", script));
        ok(words.toArray(String[]::new));
    }

    protected JsonNode inspected(String name) throws IOException {
        return EndToEnd.json(ok("inspect", name)).get(0);
    }

    /// What a command of Docker's client prints, which has to succeed.
    protected String ok(String... words) throws IOException {
        Result result = docker.call(words);
        assertThat(result.exit()).as(result::toString).isZero();
        return result.out().strip();
    }

    private List<Path> in(String directory) throws IOException {
        try (var all = Files.list(daemon.directory().resolve(directory))) {
            return all.toList();
        }
    }

    private static String ofAnotherBoot(String text) {
        String changed = text.replaceAll("\"boot\":\"[^\"/]{36}", "\"boot\":\"" + "0".repeat(36));
        assertThat(changed).isNotEqualTo(text);
        return changed;
    }

    /// Slots of 4096 bytes with a sequence, a checksum of it and the document, and the document.
    private static void rewriteState(Path file) throws IOException {
        String[] lines = Files.readString(file).split("(?<=\n)", -1);
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].contains("\"boot\"")) {
                int start = lines[i].lastIndexOf('\0') + 1;
                String[] parts = lines[i].substring(start).strip().split(" ", 3);
                CRC32 crc = new CRC32();
                String document = ofAnotherBoot(parts[2]);
                crc.update((parts[0] + document).getBytes(StandardCharsets.UTF_8));
                lines[i] = lines[i].substring(0, start) + "%s %08x %s%n".formatted(parts[0], crc.getValue(), document);
            }
        }
        Files.writeString(file, String.join("", lines));
    }
}
