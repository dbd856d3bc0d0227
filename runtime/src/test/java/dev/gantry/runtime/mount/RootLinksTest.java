package dev.gantry.runtime.mount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.kernel.SafeDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RootLinksTest {
    @TempDir
    Path image;

    private SafeDirectory root;

    @BeforeEach
    void open() throws Exception {
        root = SafeDirectory.open(image);
    }

    @AfterEach
    void close() {
        root.close();
    }

    private void link(String path, String target) throws Exception {
        Path place = image.resolve(path);
        Files.createDirectories(place.getParent());
        Files.createSymbolicLink(place, Path.of(target));
    }

    @ParameterizedTest
    @CsvSource({
        "etc/resolv.conf, ../run/systemd/resolve/stub, /etc/resolv.conf, /run/systemd/resolve/stub",
        "dang,            /nowhere/deep,               /dang,            /nowhere/deep",
        "dang,            /nowhere/deep,               dang/a/b/,        /nowhere/deep/a/b",
        "dang,            /nowhere/./deep/..//x/,      //dang/./a,       /nowhere/x/a",
        "a/out,           ../../../../../b/c,          /a/out,           /b/c",
        "a/out,           .,                           /a/out,           /a",
        "a/root,          ..,                          /a/root,          /"
    })
    void followLinksByTheirWordsInsideTheRoot(String link, String target, String path, String led) throws Exception {
        link(link, target);

        assertThat(new RootLinks(root).follow(path)).contains(led);
    }

    @Test
    void followLinksThatLeadToLinks() throws Exception {
        link("etc/resolv.conf", "../run/resolv.conf");
        link("var/run", "/nowhere/run");
        link("run", "var/run");

        assertThat(new RootLinks(root).follow("/etc/resolv.conf")).contains("/nowhere/run/resolv.conf");
    }

    @Test
    void sayNothingOfPathsWithoutLinks() throws Exception {
        Files.createDirectories(image.resolve("there/too"));
        Files.writeString(image.resolve("file"), "");
        RootLinks links = new RootLinks(root);

        assertThat(links.follow("/there/too")).isEmpty();
        assertThat(links.follow("/there/not")).isEmpty();
        assertThat(links.follow("/not/../there")).isEmpty();
        assertThat(links.follow("/file/below")).isEmpty();
        assertThat(links.follow("/")).isEmpty();
    }

    @Test
    void giveUpWhereLinksLeadNowhereOrTooFar() throws Exception {
        link("loop", "/other");
        link("other", "loop");
        link("growing", "x/../growing/x");
        link("long", "x/".repeat(2000));
        link("name", "x".repeat(300) + "/y");
        RootLinks links = new RootLinks(root);

        assertThat(links.follow("/loop")).isEmpty();
        assertThat(links.follow("/growing")).isEmpty();
        assertThat(links.follow("/long")).isEmpty();
        assertThat(links.follow("/name")).isEmpty();
    }
}
