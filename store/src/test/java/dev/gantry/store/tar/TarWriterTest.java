package dev.gantry.store.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.store.tar.TarEntry.Extent;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TarWriterTest {
    private static final TarEntry.Ownership ROOT = new TarEntry.Ownership(0, 0);
    private static final Instant TIME = Instant.ofEpochSecond(1_000_000_000);

    private static TarEntry entry(String name, TarEntry.Type type, String link) {
        return new TarEntry(name, type, link, ROOT, 0644, TIME, 0, List.of(), TarEntry.Device.NONE, Map.of());
    }

    private static TarEntry file(long size, List<Extent> extents) {
        return new TarEntry(
                "file", TarEntry.Type.FILE, "", ROOT, 04755, TIME, size, extents, TarEntry.Device.NONE, Map.of());
    }

    private static byte[] archive(TarEntry entry, byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(out);
        tar.put(entry);
        tar.write(content, content.length);
        tar.finish();
        return out.toByteArray();
    }

    private static TarEntry read(TarEntry entry) throws IOException {
        return Objects.requireNonNull(new TarReader(new ByteArrayInputStream(archive(entry, new byte[0]))).next());
    }

    @Test
    void keepsNamesOfEveryLengthAndBytesThatAreNoUtf8() throws IOException {
        for (String name : List.of("a", "a/" + "b".repeat(99), "ü/ß", "\uDCFF\uDC80", "x".repeat(4000))) {
            assertThat(read(entry(name, TarEntry.Type.SYMLINK, name)).name()).isEqualTo(name);
            assertThat(read(entry("l", TarEntry.Type.SYMLINK, name)).linkName()).isEqualTo(name);
        }
        assertThat(read(entry("d", TarEntry.Type.DIRECTORY, "")).name()).isEqualTo("d/");
    }

    @Test
    void keepsTimesToTheNanosecondAlsoBefore1970() throws IOException {
        for (Instant time : List.of(
                TIME,
                Instant.EPOCH,
                Instant.ofEpochSecond(5, 7),
                Instant.ofEpochSecond(-1, 250_000_000),
                Instant.ofEpochSecond(-5),
                Instant.ofEpochSecond(1L << 40, 999_999_999))) {
            TarEntry entry = new TarEntry(
                    "f", TarEntry.Type.FIFO, "", ROOT, 0, time, 0, List.of(), TarEntry.Device.NONE, Map.of());
            assertThat(read(entry).modified()).isEqualTo(time);
        }
    }

    @Test
    void keepsLargeOwnersDevicesAndBinaryAttributes() throws IOException {
        byte[] capability = {1, 0, 0, 2, (byte) 0xFF, '\n', '=', 0};
        TarEntry entry = new TarEntry(
                "n",
                TarEntry.Type.CHARACTER_DEVICE,
                "",
                new TarEntry.Ownership(4_000_000_000L, 2_097_152),
                07777,
                TIME,
                0,
                List.of(),
                new TarEntry.Device(4095, 1_048_575),
                Map.of("security.capability", TarEntry.Xattr.of(capability)));
        TarEntry read = read(entry);
        assertThat(read.owner()).isEqualTo(entry.owner());
        assertThat(read.mode()).isEqualTo(07777);
        assertThat(read.device()).isEqualTo(entry.device());
        assertThat(Objects.requireNonNull(read.xattrs().get("security.capability"))
                        .value())
                .isEqualTo(capability);
    }

    @Test
    void keepsHoles() throws IOException {
        List<Extent> extents = List.of(new Extent(1_000_000, 3), new Extent(5_000_000_000L, 2));
        byte[] archive = archive(file(9_000_000_000L, extents), "abcde".getBytes(StandardCharsets.US_ASCII));
        assertThat(archive).hasSizeLessThan(5000);
        TarReader reader = new TarReader(new ByteArrayInputStream(archive));
        TarEntry read = Objects.requireNonNull(reader.next());
        assertThat(read.name()).isEqualTo("file");
        assertThat(read.size()).isEqualTo(9_000_000_000L);
        assertThat(read.extents()).isEqualTo(extents);
        byte[] content = new byte[5];
        assertThat(reader.read(content, 5)).isEqualTo(5);
        assertThat(content).asString().isEqualTo("abcde");
        assertThat(reader.next()).isNull();
    }

    @Test
    void writesEqualBytesForEqualEntriesAndNothingButZerosForNone() throws IOException {
        TarEntry entry = file(3, List.of(new Extent(0, 3)));
        assertThat(archive(entry, new byte[3])).isEqualTo(archive(entry, new byte[3]));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new TarWriter(out).finish();
        assertThat(out.toByteArray()).isEqualTo(new byte[1024]);
    }

    @Test
    void refusesContentThatDoesNotFitTheHeader() throws IOException {
        TarWriter tar = new TarWriter(new ByteArrayOutputStream());
        tar.put(file(3, List.of(new Extent(0, 3))));
        assertThatThrownBy(() -> tar.write(new byte[4], 4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(tar::finish).hasMessageContaining("3 bytes short");
    }
}
