package dev.gantry.e2e.power;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Without these a disk that loses nothing would pass for a store that survives.
class VolatileDiskTest {
    private static final int SECTORS = 1000;

    @TempDir
    Path directory;

    private VolatileDisk disk;

    @BeforeEach
    void make() throws IOException {
        disk = VolatileDisk.open(Files.write(directory.resolve("disk"), new byte[SECTORS * VolatileDisk.SECTOR]));
    }

    @AfterEach
    void close() throws IOException {
        disk.close();
    }

    private static byte[] sectors(int count, int value) {
        byte[] content = new byte[count * VolatileDisk.SECTOR];
        Arrays.fill(content, (byte) value);
        return content;
    }

    @Test
    void showsWhatIsInItsCache() throws IOException {
        disk.write(VolatileDisk.SECTOR, sectors(2, 1));
        assertThat(disk.read(VolatileDisk.SECTOR, 2 * VolatileDisk.SECTOR)).isEqualTo(sectors(2, 1));
    }

    @Test
    void losesWhatWasWrittenAfterTheLastFlush() throws IOException {
        disk.write(0, sectors(4, 1));
        disk.flush();
        disk.write(VolatileDisk.SECTOR, sectors(2, 2));
        disk.write(VolatileDisk.SECTOR, sectors(1, 3));
        assertThat(disk.lose(new Random(0), 1)).isEqualTo(2);
        assertThat(disk.read(0, 4 * VolatileDisk.SECTOR)).isEqualTo(sectors(4, 1));
    }

    @Test
    void losesAnySectorsOfAWriteAndKeepsTheOthers() throws IOException {
        disk.write(0, sectors(SECTORS, 1));
        assertThat(disk.lose(new Random(0), 0.5)).isBetween(400, 600);
        int kept = 0;
        for (int i = 0; i < SECTORS; i++) {
            byte[] sector = disk.read((long) i * VolatileDisk.SECTOR, VolatileDisk.SECTOR);
            assertThat(sector).isIn(sectors(1, 0), sectors(1, 1));
            kept += sector[0];
        }
        assertThat(kept).isBetween(400, 600);
    }

    @Test
    void losesNothingTwice() throws IOException {
        disk.write(0, sectors(1, 1));
        assertThat(disk.lose(new Random(0), 0)).isZero();
        assertThat(disk.lose(new Random(0), 1)).isZero();
        assertThat(disk.read(0, VolatileDisk.SECTOR)).isEqualTo(sectors(1, 1));
    }
}
