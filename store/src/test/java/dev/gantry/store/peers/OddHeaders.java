package dev.gantry.store.peers;

import dev.gantry.store.tar.TarText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Headers of every format that layers come in, each an archive of one layer.
final class OddHeaders {
    private static final byte[] NONE = new byte[0];

    private final Map<String, List<byte[]>> cases = new LinkedHashMap<>();

    private OddHeaders() {}

    static Map<String, List<byte[]>> all() {
        OddHeaders headers = new OddHeaders();
        headers.formats();
        headers.numbers();
        headers.times();
        headers.attributes();
        headers.sparseFiles();
        headers.ends();
        return headers.cases;
    }

    private void add(String name, TarText archive) {
        cases.put(name, List.of(archive.end()));
    }

    private static TarText tar() {
        return new TarText();
    }

    private static byte[] text(String content) {
        return content.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void v7(byte[] header) {
        Arrays.fill(header, 257, 512, (byte) 0);
    }

    private void formats() {
        add(
                "V7 headers",
                tar().edited('\0', "d/", NONE, OddHeaders::v7)
                        .edited('\0', "d/f", text("x"), OddHeaders::v7)
                        .edited('1', "h", NONE, header -> {
                            v7(header);
                            TarText.put(header, 157, 100, "d/f");
                        })
                        .edited('2', "s", NONE, header -> {
                            v7(header);
                            TarText.put(header, 157, 100, "d/f");
                        }));
        add("a ustar prefix", tar().edited('0', "f", text("x"), header -> TarText.put(header, 345, 155, "p/q")));
        add(
                "a global PAX header",
                tar().global("path=evil", "mtime=7", "uid=9").file("f", "x").file("g", "y"));
        add(
                "a PAX header over a global one",
                tar().global("comment=x")
                        .pax("path=n", "mtime=8.5")
                        .file("f", "x")
                        .file("g", "y"));
        add(
                "GNU's long names",
                tar().entry('K', "././@LongLink", "", text("t".repeat(300) + "\0"))
                        .entry('L', "././@LongLink", "", text("n".repeat(200) + "\0"))
                        .symlink("short", "short"));
        add(
                "PAX names over GNU's long names",
                tar().entry('L', "././@LongLink", "", text("n".repeat(200) + "\0"))
                        .pax("path=" + "p".repeat(120))
                        .file("short", "x"));
        add("two PAX headers", tar().pax("mtime=7", "uid=5").pax("mtime=9").file("f", "x"));
        add("a PAX record twice", tar().pax("uid=5", "uid=6").file("f", "x"));
        add("an empty PAX record", tar().pax("uid=5", "uid=").file("f", "x"));
        add(
                "a PAX size",
                tar().pax("size=3")
                        .edited('0', "f", text("abc"), header -> TarText.put(header, 124, 12, "00000000000"))
                        .file("g", "y"));
        add(
                "a PAX linkpath of a hard link",
                tar().file("f", "x").pax("linkpath=f").hardLink("h", "wrong"));
    }

    private void numbers() {
        add("numbers in base 256", tar().edited('0', "f", text("abc"), header -> {
            base256(header, 108, 8, 3_000_000_000L);
            base256(header, 116, 8, 3_000_000_001L);
            base256(header, 124, 12, 3);
            base256(header, 136, 12, 5_000_000_000L);
        }));
        add("a negative time in base 256", tar().edited('0', "f", NONE, header -> base256(header, 136, 12, -5)));
        add("a negative owner", tar().edited('0', "f", NONE, header -> base256(header, 108, 8, -2)));
        add("the largest owner", tar().pax("uid=4294967294", "gid=4294967294").file("f", "x"));
        add("an owner beyond 32 bits", tar().pax("uid=4294967296").file("f", "x"));
        add("owners by name", tar().pax("uname=daemon", "gname=daemon").file("f", "x"));
        add("numbers with spaces", tar().edited('0', "f", text("x"), header -> {
            TarText.put(header, 100, 8, "   644 \0");
            TarText.put(header, 108, 8, "     5 \0");
            TarText.put(header, 124, 12, "          1 ");
        }));
        add("empty numbers", tar().edited('0', "f", NONE, header -> {
            Arrays.fill(header, 108, 124, (byte) 0);
            Arrays.fill(header, 124, 136, (byte) 0);
        }));
        add("a signed checksum", tar().block(signed(TarText.header('0', "f\u00ff", "", 0644, 0))));
    }

    private static void base256(byte[] header, int offset, int length, long value) {
        for (int i = 0; i < length; i++) {
            int shift = 8 * (length - 1 - i);
            header[offset + i] = (byte) (shift > 56 ? value >> 63 : value >> shift);
        }
        header[offset] = (byte) (value < 0 ? 0xFF : header[offset] | 0x80);
    }

    private static byte[] signed(byte[] header) {
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte value : header) {
            sum += value;
        }
        TarText.put(header, 148, 8, "%06o\0 ".formatted(sum));
        return header;
    }

    private void times() {
        add("a time with nanoseconds", tar().pax("mtime=1000000000.123456789").file("f", "x"));
        add("a time with more digits", tar().pax("mtime=1000000000.1234567899").file("f", "x"));
        add("a negative time", tar().pax("mtime=-1.25").file("f", "x"));
        add("a time after 2038", tar().pax("mtime=4000000000.5").file("f", "x"));
        add(
                "times of links and directories",
                tar().pax("mtime=7.5")
                        .directory("d")
                        .pax("mtime=8.5")
                        .file("d/f", "x")
                        .pax("mtime=9.5")
                        .symlink("s", "d"));
        add("an access time", tar().pax("atime=5", "ctime=6", "mtime=7").file("f", "x"));
        add("a time of zero", tar().pax("mtime=0").file("f", "x"));
    }

    private void attributes() {
        String capability = "\u0001\0\0\u0002\u0080 \0\0\0\0\0\0\0\0\0\0\0\0\0\0";
        add(
                "attributes",
                tar().pax("SCHILY.xattr.user.a=b", "SCHILY.xattr.trusted.t=u", "SCHILY.xattr.user.empty=")
                        .file("f", "x")
                        .pax("SCHILY.xattr.user.a=b")
                        .directory("d")
                        .pax("SCHILY.xattr.trusted.t=u")
                        .symlink("s", "f"));
        add(
                "file capabilities",
                tar().pax("SCHILY.xattr.security.capability=" + capability).file("f", "x"));
        add(
                "file capabilities of a set-user-ID file",
                tar().pax("SCHILY.xattr.security.capability=" + capability).entry('0', "f", "", 04755, text("x")));
        add(
                "attributes of libarchive",
                tar().pax("LIBARCHIVE.xattr.user.a%20b=aGk").file("f", "x"));
        add(
                "access control lists as text",
                tar().pax("SCHILY.acl.access=user::rw-,user:5:r--,group::r--,mask::r--,other::r--")
                        .file("f", "x"));
        add(
                "access control lists as attributes",
                tar().pax("SCHILY.xattr.system.posix_acl_access=" + acl()).file("f", "x"));
        add(
                "a user attribute of a symbolic link",
                tar().pax("SCHILY.xattr.user.a=b").symlink("s", "f"));
    }

    private static String acl() {
        return "\u0002\0\0\0"
                + "\u0001\0\u0006\0\u00ff\u00ff\u00ff\u00ff"
                + "\u0002\0\u0004\0\u0005\0\0\0"
                + "\u0004\0\u0004\0\u00ff\u00ff\u00ff\u00ff"
                + "\u0010\0\u0004\0\u00ff\u00ff\u00ff\u00ff"
                + " \0\u0004\0\u00ff\u00ff\u00ff\u00ff";
    }

    private void sparseFiles() {
        byte[] data = text("A".repeat(4096) + "B".repeat(4096));
        add("an old sparse file", tar().edited('S', "f", data, OddHeaders::oldSparse));
        String[] blocks = {
            "GNU.sparse.size=65536",
            "GNU.sparse.numblocks=2",
            "GNU.sparse.offset=8192",
            "GNU.sparse.numbytes=4096",
            "GNU.sparse.offset=32768",
            "GNU.sparse.numbytes=4096"
        };
        add("a sparse file of PAX format 0.0", tar().pax(blocks).entry('0', "f", "", data));
        add(
                "a sparse file of PAX format 0.1",
                tar().pax(
                                "GNU.sparse.size=65536",
                                "GNU.sparse.numblocks=2",
                                "GNU.sparse.map=8192,4096,32768,4096",
                                "GNU.sparse.name=f")
                        .entry('0', "GNUSparseFile.1/f", "", data));
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(Arrays.copyOf(text("2\n8192\n4096\n32768\n4096\n"), 512));
        content.writeBytes(data);
        add(
                "a sparse file of PAX format 1.0",
                tar().pax("GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.realsize=65536", "GNU.sparse.name=f")
                        .entry('0', "GNUSparseFile.1/f", "", content.toByteArray()));
        add(
                "a sparse file of holes alone",
                tar().pax("GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.realsize=65536", "GNU.sparse.name=f")
                        .entry('0', "GNUSparseFile.1/f", "", Arrays.copyOf(text("0\n"), 512)));
    }

    private static void oldSparse(byte[] header) {
        TarText.put(header, 257, 8, "ustar  \0");
        Arrays.fill(header, 329, 512, (byte) 0);
        TarText.put(header, 386, 12, "00000020000");
        TarText.put(header, 398, 12, "00000010000");
        TarText.put(header, 410, 12, "00000100000");
        TarText.put(header, 422, 12, "00000010000");
        TarText.put(header, 483, 12, "00000200000");
    }

    private void ends() {
        cases.put("an archive without an end", List.of(tar().file("f", "x").withoutEnd()));
        cases.put("nothing but an end", List.of(tar().end()));
        cases.put(
                "one block of zeros at the end",
                List.of(tar().file("f", "x").block(new byte[512]).withoutEnd()));
        cases.put(
                "a block of zeros between entries",
                List.of(tar().file("f", "x").block(new byte[512]).file("g", "y").end()));
        cases.put(
                "bytes behind the end",
                List.of(tar().file("f", "x")
                        .block(new byte[1024])
                        .file("g", "y")
                        .end()));
        cases.put(
                "a torn end", List.of(tar().file("f", "x").block(new byte[100]).withoutEnd()));
        cases.put(
                "a wrong checksum", List.of(tar().file("f", "x").block(wrong()).end()));
    }

    private static byte[] wrong() {
        byte[] header = TarText.seal(TarText.header('0', "g", "", 0644, 0));
        header[0] = 'h';
        return header;
    }
}
