package dev.gantry.store.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.Digest;
import dev.gantry.oci.MalformedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.NotDirectoryException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayerExtractorTest {
    private static MemoryTree extract(TarText archive) throws IOException {
        MemoryTree tree = new MemoryTree();
        new LayerExtractor(tree, 1000).extract(new TarReader(new ByteArrayInputStream(archive.end())));
        return tree;
    }

    @Test
    void makesMissingParents() throws IOException {
        MemoryTree tree = extract(new TarText().file("./a//b/../c/f", "x"));
        assertThat(tree.describe("a/c")).isEqualTo("directory 0755");
        assertThat(tree.describe("a/c/f")).isEqualTo("file 0644 x");
        assertThat(tree.describe("a/b")).isEqualTo("missing");
    }

    /// As Docker counts: a file with several names once, and of a symbolic link what it says.
    @Test
    void countsWhatFilesAndLinksHold() throws IOException {
        TarText archive = new TarText()
                .file("replaced", "0123456789")
                .symlink("replaced", "xyz")
                .symlink("replaced", "12345")
                .directory("d")
                .file("d/f", "1000")
                .hardLink("hard", "d/f")
                .symlink("d/l", "ab")
                .symlink("gone", "long, but not for long")
                .directory("gone")
                .file("gone/f", "x");
        long size = new LayerExtractor(new MemoryTree(), 1000)
                .extract(new TarReader(new ByteArrayInputStream(archive.end())));
        assertThat(size).isEqualTo(5 + 4 + 2 + 1);
    }

    @Test
    void letsALaterEntryReplaceAnEarlierOne() throws IOException {
        MemoryTree tree = extract(new TarText()
                .file("a", "1")
                .file("a", "2")
                .directory("d")
                .file("d/x", "")
                .file("d", "was a directory")
                .symlink("l", "a")
                .file("l", "was a link")
                .directory("k")
                .file("k/x", "kept")
                .directory("k"));
        assertThat(tree.describe("a")).isEqualTo("file 0644 2");
        assertThat(tree.describe("d")).isEqualTo("file 0644 was a directory");
        assertThat(tree.describe("l")).isEqualTo("file 0644 was a link");
        assertThat(tree.describe("k/x")).isEqualTo("file 0644 kept");
    }

    @Test
    void keepsModesThatChownClearsAndTimesOfDirectories() throws IOException {
        MemoryTree tree = extract(new TarText()
                .directory("d")
                .entry('0', "d/su", "", 04755, new byte[0])
                .pax("mtime=7.5")
                .directory("e")
                .file("e/f", ""));
        assertThat(tree.describe("d/su")).isEqualTo("file 4755 ");
        assertThat(tree.status("e").orElseThrow().modified()).isEqualTo(Instant.ofEpochSecond(7, 500_000_000));
    }

    @Test
    void turnsWhiteoutsIntoOverlays() throws IOException {
        MemoryTree tree = extract(
                new TarText().file("a/.wh.gone", "").file("b/.wh..wh..opq", "").file(".wh..wh.plnk", ""));
        assertThat(tree.describe("a/gone")).isEqualTo("char 0:0");
        assertThat(tree.xattrs("b")).containsKey("trusted.overlay.opaque");
        assertThat(tree.list(".")).containsExactly("a", "b");
    }

    @Test
    void marksTheDirectoryThatALinkLeadsToAsOpaque() throws IOException {
        MemoryTree tree =
                extract(new TarText().directory("usr").symlink("lib", "usr").file("lib/.wh..wh..opq", ""));
        assertThat(tree.xattrs("usr")).containsKey("trusted.overlay.opaque");
        assertThat(tree.xattrs("lib")).isEmpty();
        TarText ofAFile = new TarText().file("a", "x").file("a/.wh..wh..opq", "");
        assertThatThrownBy(() -> extract(ofAFile)).isInstanceOf(NotDirectoryException.class);
    }

    @Test
    void aWhiteoutNeverRemovesWhatTheSameLayerBrings() throws IOException {
        MemoryTree tree = extract(new TarText()
                .file("a", "x")
                .file(".wh.a", "")
                .file(".wh.b", "")
                .file("b", "x")
                .directory("c")
                .file("c/x", "")
                .file(".wh.c", "")
                .file(".wh.d", "")
                .directory("d"));
        assertThat(tree.describe("a")).isEqualTo("file 0644 x");
        assertThat(tree.describe("b")).isEqualTo("file 0644 x");
        assertThat(tree.describe("c/x")).isEqualTo("file 0644 ");
        assertThat(tree.xattrs("c")).containsKey("trusted.overlay.opaque");
        assertThat(tree.xattrs("d")).containsKey("trusted.overlay.opaque");
    }

    @Test
    void ignoresOverlaysOwnAttributesInArchives() throws IOException {
        MemoryTree tree = extract(new TarText()
                .pax(
                        "SCHILY.xattr.trusted.overlay.redirect=/etc",
                        "SCHILY.xattr.user.overlay.opaque=y",
                        "SCHILY.xattr.user.mine=1")
                .directory("d"));
        assertThat(tree.xattrs("d")).containsOnlyKeys("user.mine");
    }

    // GHSA-5qgp (2014), CVE-2026-17106, CVE-2025-11395: names and links that lead out
    @Test
    void resolvesLinksInsideTheRoot() throws IOException {
        MemoryTree tree = extract(new TarText()
                .directory("etc")
                .file("etc/passwd", "inside")
                .symlink("out", "/etc")
                .file("out/new", "x")
                .symlink("up", "../../..")
                .file("up/top", "x")
                .hardLink("h", "/out/passwd"));
        assertThat(tree.describe("etc/new")).isEqualTo("file 0644 x");
        assertThat(tree.describe("top")).isEqualTo("file 0644 x");
        assertThat(tree.describe("h")).isEqualTo("file 0644 inside");
    }

    @Test
    void neverFollowsTheLastName() throws IOException {
        MemoryTree tree = extract(new TarText()
                .file("secret", "s")
                .symlink("l", "secret")
                .hardLink("h", "l")
                .symlink("w", "secret")
                .file("w", "x"));
        assertThat(tree.describe("h")).isEqualTo("link secret");
        assertThat(tree.describe("secret")).isEqualTo("file 0644 s");
    }

    @Test
    void aHardLinkToItselfChangesNothing() throws IOException {
        MemoryTree tree = extract(new TarText()
                .file("a", "x")
                .hardLink("a", "a")
                .hardLink("b", "a")
                .hardLink("a", "b"));
        assertThat(tree.describe("a")).isEqualTo("file 0644 x");
        assertThat(tree.describe("b")).isEqualTo("file 0644 x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/../../x", "..", ".wh.", ".wh..", ".wh...", "a/.wh..."})
    void refusesNamesThatLeadOut(String name) {
        assertThatThrownBy(() -> extract(new TarText().file(name, ""))).isInstanceOf(MalformedException.class);
    }

    @Test
    void refusesLinksToNothing() {
        assertThatThrownBy(() -> extract(new TarText().hardLink("h", "none")))
                .hasMessage("tar entry \"h\" is a hard link to \"none\", which is missing");
        assertThatThrownBy(() -> extract(new TarText().directory("d").hardLink("h", "d")))
                .hasMessageEndingWith("which is a directory");
        assertThatThrownBy(() -> extract(new TarText().file("d/f", "").hardLink("d", "d/f")))
                .hasMessageContaining("below itself");
        assertThatThrownBy(() -> extract(new TarText().symlink("s", ""))).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> extract(new TarText().hardLink("h", "../x"))).hasMessageContaining("leads out");
    }

    @Test
    void refusesToReplaceTheRoot() {
        assertThatThrownBy(() -> extract(new TarText().file(".", "x")))
                .hasMessageContaining("replaces the layer's root");
        assertThatThrownBy(() -> extract(new TarText().symlink("/", "x"))).isInstanceOf(MalformedException.class);
    }

    @Test
    void takesTheTimeAloneOfTheRootsEntry() throws IOException {
        Tree.Status root =
                extract(new TarText().directory("./", 0700)).status(".").orElseThrow();
        assertThat(root.owner()).isEqualTo(new TarEntry.Ownership(0, 0));
        assertThat(root.mode())
                .isEqualTo(new MemoryTree().status(".").orElseThrow().mode());
        assertThat(root.modified()).isEqualTo(Instant.ofEpochSecond(42));
    }

    /// A layer that is unpacked again is the same.
    @Test
    void givesDirectoriesWithoutAnEntryAFixedTime() throws IOException {
        MemoryTree tree =
                extract(new TarText().file("a/b/f", "x").directory("c").file("c/f", "x"));
        assertThat(tree.status(".").orElseThrow().modified()).isEqualTo(Instant.EPOCH);
        assertThat(tree.status("a").orElseThrow().modified()).isEqualTo(Instant.EPOCH);
        assertThat(tree.status("a/b").orElseThrow().modified()).isEqualTo(Instant.EPOCH);
        assertThat(tree.status("c").orElseThrow().modified()).isEqualTo(Instant.ofEpochSecond(42));
    }

    @Test
    void givesAFileTheAttributesOfItsLastLink() throws IOException {
        MemoryTree tree = extract(new TarText()
                .file("a", "x")
                .pax("mtime=9", "uid=5", "SCHILY.xattr.user.mine=1")
                .hardLink("h", "a")
                .symlink("s", "a")
                .pax("mtime=9", "uid=5")
                .hardLink("l", "s"));
        assertThat(tree.status("a").orElseThrow().owner()).isEqualTo(new TarEntry.Ownership(5, 2));
        assertThat(tree.status("a").orElseThrow().modified()).isEqualTo(Instant.ofEpochSecond(9));
        assertThat(tree.xattrs("a")).containsOnlyKeys("user.mine");
        assertThat(tree.status("s").orElseThrow().owner()).isEqualTo(new TarEntry.Ownership(5, 2));
        assertThat(tree.status("s").orElseThrow().modified()).isEqualTo(Instant.ofEpochSecond(42));
    }

    // GO-2026-5475: nothing is unlimited
    @Test
    void boundsTheNumberOfEntries() {
        TarText archive = new TarText();
        for (int i = 0; i < 1001; i++) {
            archive.directory("d");
        }
        assertThatThrownBy(() -> extract(archive)).hasMessage("layer has more than 1000 entries");
    }

    @Test
    void theDigestOfATreeSeesEveryChange() throws IOException {
        TarText base = new TarText().file("a", "x").hardLink("b", "a").symlink("l", "a");
        Digest first = TreeDigest.of(extract(base));
        assertThat(TreeDigest.of(
                        extract(new TarText().file("a", "x").hardLink("b", "a").symlink("l", "a"))))
                .isEqualTo(first);
        assertThat(TreeDigest.of(
                        extract(new TarText().file("a", "x").file("b", "x").symlink("l", "a"))))
                .isNotEqualTo(first);
        assertThat(TreeDigest.of(
                        extract(new TarText().file("a", "y").hardLink("b", "a").symlink("l", "a"))))
                .isNotEqualTo(first);
        assertThat(TreeDigest.of(
                        extract(new TarText().file("a", "x").hardLink("b", "a").symlink("l", "b"))))
                .isNotEqualTo(first);
    }

    @Test
    void countsTheBytesOfEachFileThatStaysOnce() throws IOException {
        TarText archive = new TarText()
                .file("replaced", "12345")
                .file("replaced", "123")
                .file("linked", "1234567")
                .hardLink("link", "linked")
                .file("linked", "12")
                .directory("gone")
                .file("gone/a", "1234")
                .directory("gone/below")
                .file("gone/below/b", "123456")
                .file("gone", "1");
        long size = new LayerExtractor(new MemoryTree(), 1000)
                .extract(new TarReader(new ByteArrayInputStream(archive.end())));
        assertThat(size).isEqualTo(3 + 7 + 2 + 1);
    }

    @Test
    void aFurtherNameOfTheSameOwnerKeepsCapabilities() throws IOException {
        MemoryTree tree = extract(new TarText()
                .pax("SCHILY.xattr.security.capability=x")
                .file("a", "")
                .hardLink("b", "a"));
        assertThat(tree.xattrs("a")).containsKey("security.capability");
    }
}
