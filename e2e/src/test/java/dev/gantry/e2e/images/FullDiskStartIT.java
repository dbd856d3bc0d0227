package dev.gantry.e2e.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.e2e.BusyboxImage;
import dev.gantry.e2e.Client;
import dev.gantry.e2e.ClientKind;
import dev.gantry.e2e.DaemonKind;
import dev.gantry.e2e.DaemonUnderTest;
import dev.gantry.e2e.Result;
import dev.gantry.e2e.SystemCheck;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A daemon's first start on a file system that is full, or gets full by it: it says so and ends with exit code 1, and
/// starts on what it has left when there is space.
class FullDiskStartIT {
    private static final int DISK = 8;
    /// By when there must be enough for a daemon without images.
    private static final int ENOUGH = 64;

    private SmallDisk disk;

    @BeforeEach
    void mount() throws IOException {
        disk = SmallDisk.mounted(DISK);
    }

    @AfterEach
    void unmount() throws IOException {
        disk.close();
    }

    private Path dataRoot() {
        return disk.root().resolve("data");
    }

    /// A daemon, or why there is none.
    private record Start(@Nullable DaemonUnderTest daemon, String problem) implements AutoCloseable {
        static Start of(Path dataRoot, DaemonKind kind) throws IOException {
            try {
                return new Start(DaemonUnderTest.startOn(dataRoot, kind), "");
            } catch (IllegalStateException e) {
                return new Start(null, String.valueOf(e.getCause()));
            }
        }

        @Override
        public void close() throws IOException {
            if (daemon != null) {
                daemon.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(DaemonKind.class)
    void isRefusedWhereNotAByteIsLeft(DaemonKind kind) throws IOException {
        assumeTrue(kind.installed(), kind + " is not installed");
        disk.fill();
        try (Start start = Start.of(dataRoot(), kind)) {
            assertThat(start.problem()).contains("exited with 1\n").contains("no space left on device");
        }
    }

    /// With a little more space each time, it gets a little further.
    @Test
    void isRefusedAsLongAsAnythingCannotBeWritten() throws IOException {
        int refused = 0;
        for (int kilobytes = 0; kilobytes <= ENOUGH; kilobytes += 3) {
            disk.fillExcept(kilobytes);
            try (Start start = Start.of(dataRoot(), DaemonKind.GANTRY)) {
                if (start.daemon() != null) {
                    assertThat(refused).isGreaterThan(2);
                    works(start.daemon());
                    return;
                }
                refused++;
                assertThat(start.problem())
                        .as(kilobytes + " KiB")
                        .contains("exited with 1\n")
                        .contains("no space left on device: " + disk.root() + " (")
                        .containsPattern("\\) is full\n?$");
            }
            disk.drain();
        }
        throw new AssertionError("no start with " + ENOUGH + " KiB");
    }

    private void works(DaemonUnderTest daemon) throws IOException {
        Client docker = new Client(ClientKind.DOCKER, daemon);
        Result full = docker.callWithInput(BusyboxImage.tar(), "import", "-", "busybox");
        assertThat(full.exit()).as(full::toString).isEqualTo(1);
        assertThat(full.err()).contains("no space left on device: " + disk.root() + " (");
        disk.drain();
        Result imported = docker.callWithInput(BusyboxImage.tar(), "import", "-", "busybox");
        assertThat(imported.exit()).as(imported::toString).isZero();
        SystemCheck.agrees(daemon);
    }
}
