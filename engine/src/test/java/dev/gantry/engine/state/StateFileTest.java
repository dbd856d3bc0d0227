package dev.gantry.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {
    @TempDir
    Path directory;

    private StateFile file;

    @BeforeEach
    void nameTheFile() {
        file = new StateFile(directory.resolve("state"));
    }

    @Test
    void hasNothingBeforeTheFirstWrite() throws IOException {
        assertThat(file.read()).isEmpty();
    }

    @Test
    void givesTheLastOfManyWrites() throws IOException {
        for (int code = 0; code < 7; code++) {
            file.write(exited(code, ""));
            assertThat(file.read()).contains(exited(code, ""));
        }
        assertThat(directory.resolve("state")).hasSize(2 * 4096);
    }

    @Test
    void keepsTheStateBefore() throws IOException {
        file.write(exited(1, ""));
        assertThat(file.previous()).isEmpty();
        for (int code = 2; code < 5; code++) {
            file.write(exited(code, ""));
            assertThat(file.previous()).contains(exited(code - 1, ""));
        }
    }

    @Test
    void givesTheStateBeforeAWriteThatWasTorn() throws IOException {
        file.write(exited(1, ""));
        file.write(exited(2, ""));
        byte[] before = Files.readAllBytes(directory.resolve("state"));
        file.write(exited(3, ""));
        byte[] after = Files.readAllBytes(directory.resolve("state"));
        int slot = before[0] == after[0] ? 4096 : 0;
        assertThat(before[slot]).isNotEqualTo(after[slot]);
        for (int length = 1; after[slot + length] != 0; length++) {
            Files.write(directory.resolve("state"), before);
            try (var raw = new RandomAccessFile(directory.resolve("state").toFile(), "rw")) {
                raw.seek(slot);
                raw.write(after, slot, length);
            }
            // the older slot is never given, and never a mixture
            assertThat(file.read()).as("after %d bytes", length).isIn(state(2), state(3));
        }
    }

    @Test
    void cutsATextThatDoesNotFit() throws IOException {
        file.write(exited(128, "\u00e9".repeat(10_000)));

        assertThat(file.read().orElseThrow().error()).isEqualTo("\u00e9".repeat(800));
    }

    /// A control character takes six bytes of JSON.
    @Test
    void cutsATextWhoseBytesDoNotFit() throws IOException {
        file.write(exited(127, "\u0001".repeat(10_000)));

        assertThat(file.read().orElseThrow().error()).matches("\u0001{600,799}");
    }

    @Test
    void cutsATextInTheMiddleOfACharacter() throws IOException {
        file.write(exited(127, "a" + "\ud83d\ude00".repeat(1000)));

        assertThat(file.read().orElseThrow().error()).isEqualTo("a" + "\ud83d\ude00".repeat(399));
    }

    private static Optional<StateRecord> state(int code) {
        return Optional.of(exited(code, ""));
    }

    private static StateRecord exited(int code, String error) {
        return StateRecord.of(new LifeCycle.Exited(
                code, false, error, Instant.parse("2026-01-01T00:00:00.5Z"), Instant.parse("2026-01-02T00:00:00Z")));
    }
}
