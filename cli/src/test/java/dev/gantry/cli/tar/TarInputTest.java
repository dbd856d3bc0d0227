package dev.gantry.cli.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarInputTest {
    private static final long SIZE = 1L << 40;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void add(TarOutput out, String name, byte[] content) throws IOException {
        out.add(
                new TarMember(
                        name,
                        TarMember.Type.FILE,
                        "",
                        0644,
                        new TarMember.Owner(0, 0),
                        content.length,
                        Instant.EPOCH,
                        TarMember.Device.NONE),
                new ByteArrayInputStream(content));
    }

    private static byte[] record(String key, String value) {
        String rest = " " + key + "=" + value + "\n";
        int length = rest.length() + 2;
        return ascii((length > 99 ? length + 1 : length) + rest);
    }

    /// An extended header is a member of another type.
    private static InputStream archive(String map, String content) throws IOException {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        records.writeBytes(record("GNU.sparse.major", "1"));
        records.writeBytes(record("GNU.sparse.minor", "0"));
        records.writeBytes(record("GNU.sparse.name", "directory/sparse"));
        records.writeBytes(record("GNU.sparse.realsize", Long.toString(SIZE)));
        byte[] file = Arrays.copyOf(ascii(map), TarOutput.BLOCK + content.length());
        System.arraycopy(ascii(content), 0, file, TarOutput.BLOCK, content.length());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TarOutput out = new TarOutput(bytes);
        add(out, "PaxHeaders", records.toByteArray());
        add(out, "GNUSparseFile.0/sparse", file);
        add(out, "next", ascii("next"));
        out.finish();
        byte[] archive = bytes.toByteArray();
        archive[156] = 'x';
        return new ByteArrayInputStream(withChecksum(archive));
    }

    private static byte[] withChecksum(byte[] archive) {
        Arrays.fill(archive, 148, 156, (byte) ' ');
        int sum = 0;
        for (int i = 0; i < TarOutput.BLOCK; i++) {
            sum += archive[i] & 0xFF;
        }
        System.arraycopy(ascii("%06o\0 ".formatted(sum)), 0, archive, 148, 8);
        return archive;
    }

    @Test
    void tellsWhereTheContentOfASparseFileLies() throws IOException {
        TarInput archive = new TarInput(archive("3\n4096\n5\n1000000000000\n2\n1099511627776\n0\n", "abcdefg"));
        TarMember sparse = Objects.requireNonNull(archive.next());
        assertThat(sparse.name()).isEqualTo("directory/sparse");
        assertThat(sparse.size()).isEqualTo(SIZE);
        byte[] buffer = new byte[100];
        assertThat(archive.position()).isEqualTo(4096);
        assertThat(archive.read(buffer)).isEqualTo(5);
        assertThat(buffer).startsWith('a', 'b', 'c', 'd', 'e');
        assertThat(archive.position()).isEqualTo(1_000_000_000_000L);
        assertThat(archive.read(buffer)).isEqualTo(2);
        assertThat(buffer).startsWith('f', 'g');
        assertThat(archive.read(buffer)).isEqualTo(-1);
        assertThat(Objects.requireNonNull(archive.next()).name()).isEqualTo("next");
        assertThat(archive.position()).isZero();
        assertThat(archive.read(buffer)).isEqualTo(4);
        assertThat(archive.next()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1\n0\n6\n", // less than there is
                "1\n0\n8\n", // more
                "1\n1099511627776\n7\n", // behind the end
                "2\n10\n4\n12\n3\n", // one in the other
                "2\n0\n7\n", // no end
                "1\n-1\n7\n",
                "1\n\n7\n",
                "99999999999999\n0\n7\n",
                "1\n99999999999999999999\n7\n",
                ""
            })
    void refusesAMapThatCannotBe(String map) throws IOException {
        TarInput archive = new TarInput(archive(map, "abcdefg"));
        assertThatThrownBy(archive::next).hasMessage("archive has a malformed map of a sparse file");
    }
}
