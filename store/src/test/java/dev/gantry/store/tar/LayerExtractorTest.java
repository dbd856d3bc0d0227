package dev.gantry.store.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.MalformedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
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

    // GHSA-5qgp (2014), 2026-17106: names and links that lead out
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
        TreeDigest.Result first = TreeDigest.of(extract(base));
        assertThat(first.size()).isEqualTo(1);
        assertThat(TreeDigest.of(
                        extract(new TarText().file("a", "x").hardLink("b", "a").symlink("l", "a"))))
                .isEqualTo(first);
        assertThat(TreeDigest.of(extract(
                                new TarText().file("a", "x").file("b", "x").symlink("l", "a")))
                        .digest())
                .isNotEqualTo(first.digest());
        assertThat(TreeDigest.of(extract(
                                new TarText().file("a", "y").hardLink("b", "a").symlink("l", "a")))
                        .digest())
                .isNotEqualTo(first.digest());
        assertThat(TreeDigest.of(extract(
                                new TarText().file("a", "x").hardLink("b", "a").symlink("l", "b")))
                        .digest())
                .isNotEqualTo(first.digest());
    }
}
