package dev.gantry.store.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.SafeDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// On a disk, and on a tmpfs, which older kernels do not write past the page cache.
class UncachedFileIT {
    private Path directory = Path.of("/nonexistent");

    @AfterEach
    void removeIt() throws IOException {
        Files.deleteIfExists(directory.resolve("file"));
        Files.deleteIfExists(directory);
    }

    static Stream<Arguments> lengthsAndPieces() {
        return Stream.of("/var/tmp", "/dev/shm")
                .flatMap(place -> Stream.of(0, 1, 511, 4096, 65_535, 65_536, 262_143, 262_144, 262_145, 4_456_449)
                        .flatMap(length -> Stream.of(1000, 131_072, 5_000_000)
                                .map(piece -> Arguments.of(Path.of(place), length, piece))));
    }

    @ParameterizedTest
    @MethodSource("lengthsAndPieces")
    void holdsWhatIsWritten(Path place, int length, int piece) throws IOException {
        directory = Files.createTempDirectory(place, "gantry-uncached");
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        try (SafeDirectory parent = SafeDirectory.open(directory);
                OutputStream file = UncachedFile.create(parent, "file", 0640)) {
            for (int from = 0; from < length; from += piece) {
                file.write(content, from, Math.min(piece, length - from));
            }
        }
        assertThat(Arrays.equals(Files.readAllBytes(directory.resolve("file")), content))
                .isTrue();
    }

    @Test
    void isNew() throws IOException {
        directory = Files.createTempDirectory("gantry-uncached");
        Files.createFile(directory.resolve("file"));
        try (SafeDirectory parent = SafeDirectory.open(directory)) {
            assertThatThrownBy(() -> UncachedFile.create(parent, "file", 0640))
                    .isInstanceOf(KernelException.class)
                    .hasMessageContaining("EEXIST");
        }
    }
}
