package dev.gantry.store.tar;

import dev.gantry.fuzz.Inputs;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Archives of random entries whose names collide, link to each other and lead out, some of them damaged.
public final class RandomArchives {
    private static final List<String> NAMES = List.of(
            "a",
            "b",
            "a/b",
            "a/b/c",
            "d/",
            "d/e",
            "l/x",
            "l",
            "./a",
            "/a",
            "../out",
            "a/../../out",
            "..",
            ".",
            "",
            "/",
            "//",
            ".wh.a",
            "a/.wh.b",
            ".wh..wh..opq",
            "a/.wh..wh..opq",
            ".wh.",
            ".wh...",
            ".wh..wh.plnk",
            ".wh.a/b",
            "\u00ff",
            "a\n");

    private static final List<String> TARGETS = List.of(
            "a",
            "b",
            "a/b",
            "l",
            ".",
            "..",
            "../..",
            "../../../../../../etc",
            "/",
            "/etc/passwd",
            "/a",
            "l/l",
            "",
            "/proc/self/root/etc",
            "x".repeat(99));

    private static final List<String> KEYS = List.of(
            "path",
            "linkpath",
            "size",
            "uid",
            "gid",
            "mtime",
            "atime",
            "hdrcharset",
            "GNU.sparse.name",
            "GNU.sparse.major",
            "GNU.sparse.minor",
            "GNU.sparse.size",
            "GNU.sparse.realsize",
            "GNU.sparse.map",
            "GNU.sparse.offset",
            "GNU.sparse.numbytes",
            "GNU.sparse.numblocks",
            "SCHILY.xattr.user.a",
            "SCHILY.xattr.trusted.overlay.opaque",
            "SCHILY.xattr.trusted.overlay.redirect",
            "SCHILY.xattr.security.capability",
            "LIBARCHIVE.xattr.user.%62",
            "LIBARCHIVE.xattr.%",
            "comment",
            "");

    private RandomArchives() {}

    public static byte[] of(Inputs inputs) {
        TarText archive = new TarText();
        for (int entries = inputs.below(12); entries >= 0; entries--) {
            add(inputs, archive);
        }
        byte[] bytes = inputs.oneIn(10) ? archive.withoutEnd() : archive.end();
        return inputs.oneIn(4) ? inputs.mutate(bytes) : bytes;
    }

    private static void add(Inputs inputs, TarText archive) {
        switch (inputs.below(9)) {
            case 0 -> archive.pax(record(inputs), record(inputs));
            case 1 -> archive.pax(sparse(inputs)).entry('0', inputs.pick(NAMES), "", content(inputs));
            case 2 ->
                archive.entry(
                        inputs.pick('L', 'K'), "long", "", text(inputs.pick(inputs.pick(NAMES), "n".repeat(5000))));
            case 3 ->
                archive.edited(inputs.pick('0', 'S', '5', '3'), inputs.pick(NAMES), content(inputs), header -> {
                    int at = inputs.pick(100, 108, 116, 124, 136, 157, 257, 329, 337, 345, 386, 398, 482, 483);
                    byte[] odd = text(inputs.oneIn(2) ? inputs.odd() : Long.toOctalString(inputs.number()));
                    System.arraycopy(odd, 0, header, at, Math.min(odd.length, 12));
                    header[at] |= (byte) (inputs.oneIn(3) ? 0x80 : 0);
                });
            case 4 -> {
                // a file, and something else where its directory is
                String directory = inputs.pick("a", "b", "l", "d");
                archive.file(directory + "/f", "x");
                archive.entry(inputs.pick('0', '1', '2', '5'), directory, directory + "/f", 0755, new byte[0]);
            }
            default -> {
                char type = inputs.pick(
                        '0', '0', '1', '1', '2', '2', '3', '4', '5', '5', '6', '\0', '7', 'g', 'x', 'V', 'Z');
                byte[] body = type == '0' || inputs.oneIn(20) ? content(inputs) : new byte[0];
                archive.entry(type, inputs.pick(NAMES), inputs.pick(TARGETS), inputs.below(010000), body);
            }
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] content(Inputs inputs) {
        byte[] content = new byte[inputs.oneIn(3) ? inputs.below(1500) : inputs.below(3)];
        Arrays.fill(content, (byte) 'x');
        return content;
    }

    private static String record(Inputs inputs) {
        String value = switch (inputs.below(4)) {
            case 0 -> inputs.odd();
            case 1 -> Long.toString(inputs.number());
            case 2 -> inputs.pick(NAMES);
            default -> inputs.pick(TARGETS);
        };
        return inputs.pick(KEYS) + "=" + value;
    }

    private static String[] sparse(Inputs inputs) {
        long end = inputs.below(4000);
        String map =
                "%d,%d,%d,%d".formatted(inputs.below(100), inputs.below(3), 100 + inputs.below(100), inputs.below(3));
        return switch (inputs.below(3)) {
            case 0 -> new String[] {"GNU.sparse.size=" + end, "GNU.sparse.map=" + map};
            case 1 -> new String[] {"GNU.sparse.major=1", "GNU.sparse.realsize=" + inputs.number()};
            default ->
                new String[] {"GNU.sparse.size=" + inputs.number(), "GNU.sparse.offset=" + end, "GNU.sparse.numbytes=1"
                };
        };
    }
}
