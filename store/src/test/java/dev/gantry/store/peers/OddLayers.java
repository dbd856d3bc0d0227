package dev.gantry.store.peers;

import dev.gantry.store.tar.TarText;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What layers do to each other's trees: names, links, replacements, whiteouts. Each case is an image's layers, bottom
/// first.
final class OddLayers {
    private final Map<String, List<byte[]>> cases = new LinkedHashMap<>();

    private OddLayers() {}

    static Map<String, List<byte[]>> all() {
        OddLayers layers = new OddLayers();
        layers.names();
        layers.links();
        layers.types();
        layers.replacements();
        layers.whiteouts();
        layers.whiteoutsBesideFiles();
        layers.lowerLayers();
        return layers.cases;
    }

    private void add(String name, TarText... layers) {
        cases.put(name, Stream.of(layers).map(TarText::end).toList());
    }

    private static TarText tar() {
        return new TarText();
    }

    private void names() {
        add("names with ./", tar().directory("./").directory("./a/").file("./a/f", "x"));
        add("absolute names", tar().directory("/a").file("/a/f", "x").hardLink("/a/h", "/a/f"));
        add(
                "names that need cleaning",
                tar().directory("a//").file("a/./b/../f", "x").file("a//g", "y"));
        add("a file whose name ends with a slash", tar().file("f/", "x"));
        add("entries without parents", tar().file("a/b/f", "x"));
        add("the root with mode 0700", tar().directory("./", 0700).file("f", "x"));
        add("a name that leads out", tar().file("f", "x").file("../out", "x"));
        add("an absolute name that leads out", tar().file("f", "x").file("/../out", "x"));
        add("a file without a name", tar().file("f", "x").file("", "x"));
        add("a directory without a name", tar().file("f", "x").directory("", 0700));
        add("names that are no UTF-8", tar().file("a\u00ff", "x").file("\u00e4", "y"));
        add("a name of 255 bytes", tar().pax("path=" + "n".repeat(255)).file("f", "x"));
        add("a name of 256 bytes", tar().pax("path=" + "n".repeat(256)).file("f", "x"));
        add("a deep path", tar().pax("path=" + "d/".repeat(400) + "f").file("f", "x"));
        add(
                "parents through a symbolic link",
                tar().directory("etc").symlink("l", "/etc").file("l/f", "x"));
        add(
                "parents through a symbolic link that leads out",
                tar().directory("etc").symlink("l", "../../../etc").file("l/f", "x"));
        add(
                "parents through a dangling symbolic link",
                tar().symlink("l", "/none").file("l/f", "x"));
        add("a file below a file", tar().file("a", "x").file("a/b", "x"));
    }

    private void links() {
        add(
                "hard links",
                tar().file("a", "x")
                        .hardLink("b", "a")
                        .hardLink("c", "b")
                        .directory("d")
                        .hardLink("d/e", "./a"));
        add(
                "a hard link to a symbolic link",
                tar().file("a", "x").symlink("s", "a").hardLink("h", "s"));
        add(
                "a hard link through a symbolic link",
                tar().file("d/a", "x").symlink("s", "d").hardLink("h", "s/a"));
        add("a hard link to itself", tar().file("a", "x").hardLink("a", "a"));
        add(
                "a hard link that replaces a file",
                tar().file("a", "x").file("b", "y").hardLink("b", "a"));
        add("a hard link to a device", tar().entry('3', "c", "", new byte[0]).hardLink("h", "c"));
        add("a hard link to nothing", tar().file("a", "x").hardLink("h", "none"));
        add("a hard link to a directory", tar().directory("d").hardLink("h", "d"));
        add("a hard link that leads out", tar().file("a", "x").hardLink("h", "../a"));
        add(
                "a hard link with a mode and an owner of its own",
                tar().file("a", "x").edited('1', "h", new byte[0], header -> {
                    TarText.put(header, 100, 8, "0000600");
                    TarText.put(header, 108, 8, "0000007");
                    TarText.put(header, 136, 12, "00000000777");
                    TarText.put(header, 157, 100, "a");
                }));
        add("a hard link into a lower layer", tar().file("a", "x"), tar().hardLink("h", "a"));
        add("a hard link changed in a higher layer", tar().file("a", "x").hardLink("b", "a"), tar().file("a", "z"));
        add("symbolic links", tar().symlink("a", "b").symlink("c", "/etc/../x").symlink("d", "../../.."));
        add("a symbolic link to nothing", tar().symlink("s", ""));
        add(
                "a symbolic link of 4095 bytes",
                tar().pax("linkpath=" + "t".repeat(4095)).symlink("s", "x"));
    }

    private void types() {
        add(
                "devices and a fifo",
                tar().entry('3', "c", "", 0620, new byte[0])
                        .entry('4', "b", "", 0660, new byte[0])
                        .entry('6', "p", "", 0606, new byte[0]));
        add("a device with large numbers", tar().edited('4', "b", new byte[0], header -> {
            TarText.put(header, 329, 8, "0007777");
            TarText.put(header, 337, 8, "3777777");
        }));
        add("a character device 0:0", tar().file("f", "x"), tar().edited('3', "f", new byte[0], header -> {
            TarText.put(header, 329, 8, "0000000");
            TarText.put(header, 337, 8, "0000000");
        }));
        add(
                "modes with set-user-ID, set-group-ID and sticky bits",
                tar().entry('0', "u", "", 04755, text("x"))
                        .entry('0', "g", "", 02711, text("x"))
                        .entry('0', "n", "", 0, text("x"))
                        .entry('0', "t", "", 0100644, text("x"))
                        .directory("d", 07777)
                        .directory("e", 0)
                        .file("e/f", "x"));
        add("a contiguous file", tar().entry('7', "f", "", text("x")));
        add("an unknown type", tar().file("f", "x").entry('Z', "z", "", text("x")));
        add(
                "a directory that states a size",
                tar().edited('5', "d", new byte[0], header -> {
                            TarText.put(header, 124, 12, "00000001000");
                        })
                        .file("f", "x"));
    }

    private static byte[] text(String content) {
        return content.getBytes(StandardCharsets.UTF_8);
    }

    private void replacements() {
        add("a file twice", tar().file("f", "one").file("f", "two"));
        add("a directory twice", tar().directory("d", 0700).file("d/f", "x").directory("d", 0711));
        add("a file for a directory", tar().directory("d").file("d/f", "x").file("d", "y"));
        add("a directory for a file", tar().file("d", "x").directory("d").file("d/f", "y"));
        add(
                "a symbolic link for a directory",
                tar().directory("d").file("d/f", "x").symlink("d", "e"));
        add(
                "a directory for a symbolic link",
                tar().directory("e").symlink("d", "e").directory("d").file("d/f", "x"));
        add(
                "a file for one of two hard links",
                tar().file("a", "x").hardLink("b", "a").file("a", "y"));
        add("a file for a symbolic link", tar().file("a", "x").symlink("s", "a").file("s", "y"));
    }

    private void whiteouts() {
        TarText lower = tar().directory("d", 0711)
                .file("d/a", "a")
                .file("d/b", "b")
                .directory("d/e")
                .file("d/e/f", "x")
                .symlink("s", "d");
        byte[] bottom = lower.end();
        whiteout("a whiteout of a file", bottom, tar().file("d/.wh.a", ""));
        whiteout("a whiteout of a directory", bottom, tar().file("d/.wh.e", "").file(".wh.s", ""));
        whiteout("a whiteout of nothing", bottom, tar().file("d/.wh.none", ""));
        whiteout("a whiteout in a new directory", bottom, tar().file("n/.wh.none", ""));
        whiteout("a whiteout through a symbolic link", bottom, tar().file("s/.wh.a", ""));
        whiteout("a whiteout that is a directory", bottom, tar().directory("d/.wh.e"));
        whiteout("a whiteout that is a symbolic link", bottom, tar().symlink("d/.wh.a", "b"));
        whiteout(
                "a whiteout that is a hard link", bottom, tar().file("d/c", "c").hardLink("d/.wh.a", "d/c"));
        whiteout(
                "an opaque directory",
                bottom,
                tar().directory("d").file("d/.wh..wh..opq", "").file("d/c", "c"));
        whiteout(
                "an opaque directory marked last",
                bottom,
                tar().file("d/c", "c").file("d/.wh..wh..opq", ""));
        whiteout("an opaque directory without an entry", bottom, tar().file("d/e/.wh..wh..opq", ""));
        whiteout("an opaque root", bottom, tar().file(".wh..wh..opq", "").file("n", "n"));
        whiteout(
                "aufs' own files",
                bottom,
                tar().directory(".wh..wh.plnk").file(".wh..wh.plnk/1.2", "x").file(".wh..wh.aufs", ""));
        whiteout("a whiteout of no name", bottom, tar().file("d/.wh.", ""));
        whiteout("a whiteout of the directory itself", bottom, tar().file("d/.wh..", ""));
        whiteout("a whiteout of the parent", bottom, tar().file("d/.wh...", ""));
        whiteout("a directory named like a whiteout", bottom, tar().file("d/.wh.e/g", "x"));
        cases.put(
                "a whiteout, and the file again in the third layer",
                List.of(
                        bottom,
                        tar().file(".wh.d", "").end(),
                        tar().file("d/new", "n").end()));
    }

    private void whiteout(String name, byte[] bottom, TarText top) {
        cases.put(name, List.of(bottom, top.end()));
    }

    private void whiteoutsBesideFiles() {
        byte[] bottom =
                tar().file("a", "lower").directory("d").file("d/lower", "x").end();
        whiteout("a file and then its whiteout", bottom, tar().file("a", "x").file(".wh.a", ""));
        whiteout("a whiteout and then its file", bottom, tar().file(".wh.a", "").file("a", "x"));
        whiteout(
                "a directory and then its whiteout",
                bottom,
                tar().directory("d").file("d/f", "x").file(".wh.d", ""));
        whiteout(
                "a whiteout and then its directory",
                bottom,
                tar().file(".wh.d", "").directory("d").file("d/f", "x"));
        whiteout(
                "a whiteout and then what is below it",
                bottom,
                tar().file(".wh.d", "").file("d/f", "x"));
        whiteout("a whiteout twice", bottom, tar().file(".wh.a", "").file(".wh.a", ""));
    }

    private void lowerLayers() {
        byte[] bottom = tar().directory("d", 0700)
                .file("d/f", "x")
                .file("file", "x")
                .symlink("s", "d")
                .end();
        whiteout("a parent that a lower layer has", bottom, tar().file("d/g", "y"));
        whiteout(
                "a directory that a lower layer has",
                bottom,
                tar().directory("d", 0711).file("d/g", "y"));
        whiteout("a parent that is a symbolic link below", bottom, tar().file("s/g", "y"));
        whiteout("a file for a directory below", bottom, tar().file("d", "y"));
        whiteout("a directory for a file below", bottom, tar().directory("file").file("file/g", "y"));
        whiteout("a parent that is a file below", bottom, tar().file("file/g", "y"));
        whiteout("a symbolic link for a directory below", bottom, tar().symlink("d", "file"));
        whiteout(
                "a directory for a symbolic link below",
                bottom,
                tar().directory("s").file("s/g", "y"));
        whiteout(
                "overlay's own attributes",
                bottom,
                tar().pax("SCHILY.xattr.trusted.overlay.opaque=y")
                        .directory("d", 0711)
                        .pax("SCHILY.xattr.trusted.overlay.redirect=/d")
                        .directory("e"));
        cases.put("an empty layer", List.of(bottom, tar().end()));
    }
}
