package dev.gantry.store.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.MalformedException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarReaderTest {
    private static final byte[] NONE = new byte[0];

    private static List<TarEntry> read(byte[] archive) throws IOException {
        TarReader reader = new TarReader(new ByteArrayInputStream(archive));
        List<TarEntry> entries = new ArrayList<>();
        for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
            entries.add(entry);
        }
        return entries;
    }

    private static TarEntry one(byte[] archive) throws IOException {
        List<TarEntry> entries = read(archive);
        assertThat(entries).hasSize(1);
        return entries.getFirst();
    }

    @Test
    void readsThePlainFields() throws IOException {
        TarEntry entry = one(new TarText()
                .entry('0', "a/b", "", 04755, "hello".getBytes(StandardCharsets.UTF_8))
                .end());
        assertThat(entry.name()).isEqualTo("a/b");
        assertThat(entry.mode()).isEqualTo(04755);
        assertThat(entry.owner()).isEqualTo(new TarEntry.Ownership(1, 2));
        assertThat(entry.size()).isEqualTo(5);
        assertThat(entry.modified()).isEqualTo(Instant.ofEpochSecond(42));
    }

    @Test
    void takesGnuNamesBeforePaxRecordsBeforeTheHeader() throws IOException {
        String longName = "n".repeat(300);
        byte[] archive = new TarText()
                .entry('L', "././@LongLink", "", (longName + "\0").getBytes(StandardCharsets.UTF_8))
                .entry('K', "././@LongLink", "", ("t".repeat(200) + "\0").getBytes(StandardCharsets.UTF_8))
                .pax("path=p", "linkpath=p")
                .symlink("short", "short")
                .pax("path=" + "p".repeat(101), "mtime=1.5", "uid=3000000000", "linkpath=l")
                .symlink("short", "short")
                .end();
        List<TarEntry> entries = read(archive);
        assertThat(entries).extracting(TarEntry::name).containsExactly(longName, "p".repeat(101));
        assertThat(entries).extracting(TarEntry::linkName).containsExactly("t".repeat(200), "l");
        assertThat(entries.get(1).modified()).isEqualTo(Instant.ofEpochSecond(1, 500_000_000));
        assertThat(entries.get(1).owner().uid()).isEqualTo(3_000_000_000L);
    }

    @Test
    void takesTheLastOfSeveralPaxHeaders() throws IOException {
        TarEntry entry = one(new TarText()
                .pax("mtime=7", "uid=5")
                .pax("mtime=9")
                .file("f", "")
                .end());
        assertThat(entry.modified()).isEqualTo(Instant.ofEpochSecond(9));
        assertThat(entry.owner().uid()).isEqualTo(1);
    }

    @Test
    void skipsGlobalPaxHeaders() throws IOException {
        TarEntry entry =
                one(new TarText().global("path=evil", "uid=9").file("f", "").end());
        assertThat(entry.name()).isEqualTo("f");
        assertThat(entry.owner().uid()).isEqualTo(1);
    }

    @Test
    void readsTimesBeforeTheEpochAndWithMoreDigitsThanNanoseconds() throws IOException {
        assertThat(one(new TarText().pax("mtime=-1.25").directory("d").end()).modified())
                .isEqualTo(Instant.ofEpochSecond(-2, 750_000_000));
        assertThat(one(new TarText().pax("mtime=3.1234567899").directory("d").end())
                        .modified())
                .isEqualTo(Instant.ofEpochSecond(3, 123_456_789));
    }

    @Test
    void keepsTheBytesOfFileCapabilities() throws IOException {
        String raw = "\u0001\u0000\u0000\u0002\u0080\u00ff\u0000\n=\u0000";
        TarEntry entry = one(new TarText()
                .pax("SCHILY.xattr.security.capability=" + raw)
                .file("f", "")
                .end());
        assertThat(entry.xattrs().get("security.capability").value())
                .isEqualTo(raw.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void keepsTheBytesOfNamesThatAreNoUtf8() throws IOException {
        assertThat(one(new TarText()
                                .pax("path=a\u00ff\u00c3\u00a9\u00e9b")
                                .file("x", "")
                                .end())
                        .name())
                .isEqualTo("a\udcffé\udce9b");
    }

    @Test
    void readsLibarchivesAttributes() throws IOException {
        TarEntry entry = one(new TarText()
                .pax("LIBARCHIVE.xattr.user.a%20b=aGk")
                .file("f", "")
                .end());
        assertThat(entry.xattrs().get("user.a b").value()).isEqualTo("hi".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsNumbersInBase256() throws IOException {
        byte[] header = TarText.header('0', "f", "", 0644, 0);
        Arrays.fill(header, 108, 116, (byte) 0);
        Arrays.fill(header, 124, 136, (byte) 0);
        header[108] = (byte) 0x80;
        header[112] = (byte) 0xb2;
        header[124] = (byte) 0x80;
        header[135] = 3;
        TarEntry entry = one(
                new TarText().block(TarText.seal(header)).content(new byte[3]).end());
        assertThat(entry.size()).isEqualTo(3);
        assertThat(entry.owner().uid()).isEqualTo(0xb2000000L);
    }

    @Test
    void readsSparseFilesOfAllFormats() throws IOException {
        byte[] data = "AAAABB".getBytes(StandardCharsets.UTF_8);
        byte[] old = TarText.header('S', "f", "", 0644, 6);
        TarText.put(old, 257, 8, "ustar  \0");
        Arrays.fill(old, 329, 512, (byte) 0);
        TarText.put(old, 386, 12, "00000001000");
        TarText.put(old, 398, 12, "00000000004");
        TarText.put(old, 410, 12, "00000002000");
        TarText.put(old, 422, 12, "00000000002");
        TarText.put(old, 483, 12, "00000010000");
        byte[] map = Arrays.copyOf("2\n512\n4\n1024\n2\n".getBytes(StandardCharsets.UTF_8), 512 + 6);
        System.arraycopy(data, 0, map, 512, 6);
        byte[] archive = new TarText()
                .block(TarText.seal(old))
                .content(data)
                .pax(
                        "GNU.sparse.size=4096",
                        "GNU.sparse.numblocks=2",
                        "GNU.sparse.offset=512",
                        "GNU.sparse.numbytes=4",
                        "GNU.sparse.offset=1024",
                        "GNU.sparse.numbytes=2")
                .entry('0', "f", "", data)
                .pax("GNU.sparse.size=4096", "GNU.sparse.map=512,4,1024,2")
                .entry('0', "f", "", data)
                .pax("GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.realsize=4096", "GNU.sparse.name=f")
                .entry('0', "GNUSparseFile.0/f", "", map)
                .end();
        assertThat(read(archive)).hasSize(4).allSatisfy(entry -> {
            assertThat(entry.name()).isEqualTo("f");
            assertThat(entry.size()).isEqualTo(4096);
            assertThat(entry.extents()).containsExactly(new TarEntry.Extent(512, 4), new TarEntry.Extent(1024, 2));
        });
    }

    @Test
    void endsAtTwoBlocksOfZerosOrAtTheEndOfTheStream() throws IOException {
        assertThat(read(new TarText().file("a", "x").withoutEnd())).hasSize(1);
        assertThat(read(NONE)).isEmpty();
        assertThat(read(new byte[1024])).isEmpty();
    }

    @Test
    void refusesATruncatedArchive() {
        byte[] whole = new TarText().file("a", "x".repeat(2000)).withoutEnd();
        for (int length : new int[] {1, 511, 600, 2047, whole.length - 1}) {
            assertThatThrownBy(() -> read(Arrays.copyOf(whole, length)))
                    .as("%d bytes", length)
                    .isInstanceOf(EOFException.class);
        }
    }

    @Test
    void refusesAWrongChecksum() {
        byte[] archive = new TarText().file("a", "x").end();
        archive[0] = 'b';
        assertThatThrownBy(() -> read(archive)).hasMessage("tar header at byte 0 has a wrong checksum");
    }

    @Test
    void refusesOwnersThatAreNoUserIds() {
        assertThatThrownBy(() ->
                        read(new TarText().pax("uid=4294967295").file("a", "").end()))
                .hasMessage("tar entry \"a\" has the owner 4294967295");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GNU.sparse.map=5,1", // beyond the end
                "GNU.sparse.map=0,1,0,0", // overlaps
                "GNU.sparse.map=0",
                "GNU.sparse.map=0,2", // more than is stored
                "GNU.sparse.map=x,1",
                "GNU.sparse.map=0,-1",
                "GNU.sparse.map=9223372036854775807,1",
                "path=a\u0000b",
                "size=-1",
                "size=99999999999999999999",
                "mtime=NaN",
                "mtime=1e9",
                "mtime=9999999999999999999",
                "GNU.sparse.major=2"
            })
    void refusesMalformedRecords(String record) {
        byte[] archive =
                new TarText().pax("GNU.sparse.size=4", record).file("f", "x").end();
        assertThatThrownBy(() -> read(archive)).isInstanceOf(MalformedException.class);
    }

    // GO-2026-5475: nothing is unlimited
    @Test
    void boundsExtensionHeaders() {
        byte[] header = TarText.seal(TarText.header('x', "pax", "", 0644, 1 << 21));
        assertThatThrownBy(() -> read(new TarText().block(header).end())).hasMessageContaining("limit 1048576");
    }
}
