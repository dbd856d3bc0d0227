package dev.gantry.e2e.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EverySetup;
import dev.gantry.e2e.Result;
import dev.gantry.e2e.Waiting;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `cp` in both directions, of containers that run and of others.
@EverySetup
class CopyIT extends EndToEnd {
    private static final String FILES = "mkdir -p /w/d/s; echo hi > /w/d/f; ln /w/d/f /w/d/h; ln -s f /w/d/l;"
            + " chmod 4751 /w/d/f; ln -s d /w/ld; ln -s d/f /w/lf; ln -s nowhere /w/dangling; sleep 1000";

    private TemporaryDirectory local;

    @BeforeEach
    void makeFiles() throws IOException {
        local = TemporaryDirectory.create();
        local.write("one", "1\n");
        local.write("dir/a", "a\n");
        local.write("dir/sub/b", "b\n");
        Files.createSymbolicLink(local.resolve("dir/l"), Path.of("a"));
        Files.createLink(local.resolve("dir/h"), local.resolve("dir/a"));
        Files.createSymbolicLink(local.resolve("ldir"), Path.of("dir"));
        Files.createSymbolicLink(local.resolve("lone"), Path.of("one"));
    }

    @AfterEach
    void removeThem() throws IOException {
        local.close();
    }

    private String running() throws IOException {
        String container = background(FILES);
        await(container, "/w/dangling");
        return container;
    }

    private void await(String container, String path) {
        Waiting.until(
                () -> call("exec", container, "sh", "-c", "[ -e %1$s ] || [ -L %1$s ]".formatted(path))
                                .exit()
                        == 0,
                () -> setup + ": no " + path);
    }

    /// What a copy says that fails, without the log lines in which the stock client complains of its own pipe.
    private String complaint(String source, String destination) throws IOException {
        return fails(1, "cp", source, destination)
                .lines()
                .filter(line -> !line.startsWith("time="))
                .collect(Collectors.joining("\n"));
    }

    private String in(String container, String script) throws IOException {
        return ok("exec", container, "sh", "-c", script);
    }

    private String local(String name) {
        return local.resolve(name).toString();
    }

    @Test
    void putsAFileIntoADirectoryOrUnderAnotherName() throws IOException {
        String container = running();
        ok("cp", local("one"), container + ":/w");
        ok("cp", local("one"), container + ":/w/two");
        ok("cp", local("one"), container + ":/w/ld");
        assertThat(in(container, "cat /w/one /w/two /w/d/one")).isEqualTo("1\n1\n1");
        assertThat(complaint(local("one"), container + ":/w/none/")).isEqualTo("no such directory");
        assertThat(fails(1, "cp", local("one"), container + ":/w/no/such"))
                .contains("Could not find the file /w/no in container " + container);
    }

    @Test
    void followsALinkAsDestinationAlsoOneThatLeadsToNothing() throws IOException {
        String container = running();
        ok("cp", local("one"), container + ":/w/dangling");
        ok("cp", local("one"), container + ":/w/lf");
        assertThat(in(container, "cat /w/nowhere /w/d/f; readlink /w/lf")).isEqualTo("1\n1\nd/f");
    }

    @Test
    void putsADirectoryOrWhatIsInIt() throws IOException {
        String container = running();
        ok("cp", local("dir"), container + ":/w/new");
        ok("cp", local("dir"), container + ":/w/d");
        ok("cp", local("dir") + "/.", container + ":/w/d/s");
        assertThat(in(container, "cd /w; cat new/sub/b d/dir/sub/b d/s/sub/b; readlink new/l; readlink d/s/l"))
                .isEqualTo("b\nb\nb\na\na");
        assertThat(in(container, "stat -c %h /w/new/a /w/new/h /w/d/s/a")).isEqualTo("2\n2\n2");
        assertThat(complaint(local("dir"), container + ":/w/d/f")).isEqualTo("cannot copy directory");
    }

    @Test
    void copiesALinkOrWhatItLeadsTo() throws IOException {
        String container = running();
        ok("cp", local("lone"), container + ":/w/as-link");
        ok("cp", "-L", local("lone"), container + ":/w/as-file");
        ok("cp", "-L", local("ldir"), container + ":/w/d");
        assertThat(in(container, "readlink /w/as-link; cat /w/as-file /w/d/ldir/a"))
                .isEqualTo("one\n1\na");
        ok("cp", container + ":/w/lf", local("as-link"));
        ok("cp", "-L", container + ":/w/lf", local("as-file"));
        assertThat(Files.readSymbolicLink(local.resolve("as-link"))).hasToString("d/f");
        assertThat(local.resolve("as-file")).hasContent("hi\n");
        ok("cp", "-L", container + ":/w/ld", local("into"));
        assertThat(local.resolve("into/f")).hasContent("hi\n");
    }

    @Test
    void takesFilesOutWithTheirModesLinksAndTimes() throws IOException {
        String container = running();
        in(container, "touch -d '2001-02-03 04:05:06' /w/d/f /w/d/s");
        ok("cp", container + ":/w/d", local("out"));
        assertThat(local.resolve("out/f")).hasContent("hi\n");
        assertThat((int) Files.getAttribute(local.resolve("out/f"), "unix:mode") & 07777)
                .isEqualTo(04751);
        assertThat(Files.getAttribute(local.resolve("out/f"), "unix:ino"))
                .isEqualTo(Files.getAttribute(local.resolve("out/h"), "unix:ino"));
        assertThat(Files.readSymbolicLink(local.resolve("out/l"))).hasToString("f");
        assertThat(Files.getLastModifiedTime(local.resolve("out/f"))).hasToString("2001-02-03T04:05:06Z");
        assertThat(Files.getLastModifiedTime(local.resolve("out/s"))).hasToString("2001-02-03T04:05:06Z");
    }

    @Test
    void takesADirectoryOutByDockersRules() throws IOException {
        String container = running();
        Files.createDirectory(local.resolve("there"));
        ok("cp", container + ":/w/d", local("there"));
        ok("cp", container + ":/w/d/.", local("there"));
        ok("cp", container + ":w/d/", local("not-there"));
        assertThat(local.resolve("there/d/f")).exists();
        assertThat(local.resolve("there/f")).exists();
        assertThat(local.resolve("not-there/f")).exists();
        assertThat(fails(1, "cp", container + ":/w/d", local("one"))).isEqualTo("cannot copy directory");
        assertThat(fails(1, "cp", container + ":/w/nope", local("x")))
                .isEqualTo("Error response from daemon: Could not find the file /w/nope in container " + container);
        assertThat(fails(1, "cp", container + ":/w/d", local("no/such"))).contains("does not exist");
    }

    @Test
    void streamsArchives() throws IOException {
        String container = running();
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        Result out =
                setup.client().pipe(new ByteArrayInputStream(new byte[0]), archive, "cp", container + ":/w/d", "-");
        assertThat(out.exit()).as(out::toString).isZero();
        assertThat(names(archive.toByteArray())).containsExactly("d/", "d/f", "d/h", "d/l", "d/s/");
        in(container, "mkdir /into");
        Result in = setup.client()
                .callWithInput(new ByteArrayInputStream(archive.toByteArray()), "cp", "-", container + ":/into");
        assertThat(in.exit()).as(in::toString).isZero();
        assertThat(in(container, "cat /into/d/h; stat -c '%a %h' /into/d/f")).startsWith("hi");
        Result file = setup.client().callWithInput(bytes(""), "cp", "-", container + ":/w/d/f");
        assertThat(file.err()).contains("must be a directory");
    }

    private static List<String> names(byte[] archive) throws IOException {
        List<String> names = new ArrayList<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(archive))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        return names;
    }

    @Test
    void worksOnContainersThatDoNotRun() throws IOException {
        String container = newName();
        ok("create", "--name", container, "-v", "/vol", IMAGE, "sh", "-c", "cat /in /vol/in; echo out > /out");
        ok("cp", local("one"), container + ":/in");
        ok("cp", local("one"), container + ":/vol/in");
        assertThat(ok("start", "-a", container)).isEqualTo("1\n1");
        ok("cp", container + ":/out", local("out"));
        assertThat(local.resolve("out")).hasContent("out\n");
        ok("cp", container + ":/vol/in", local("back"));
        assertThat(local.resolve("back")).hasContent("1\n");
    }

    @Test
    void seesWhatIsMounted() throws IOException {
        local.write("shared/f", "shared\n");
        String container = background(
                "sleep 1000", "-v", local("shared") + ":/data", "-v", local("shared") + ":/ro:ro", "-v", "/vol");
        in(container, "echo v > /vol/v");
        ok("cp", local("one"), container + ":/data");
        ok("cp", container + ":/vol/v", local("v"));
        ok("cp", container + ":/data/f", local("f"));
        assertThat(local.resolve("shared/one")).hasContent("1\n");
        assertThat(local.resolve("v")).hasContent("v\n");
        assertThat(local.resolve("f")).hasContent("shared\n");
        assertThat(fails(1, "cp", local("one"), container + ":/ro")).contains("mounted volume is marked read-only");
        ok("cp", container + ":/etc/hostname", local("hostname"));
        assertThat(local.resolve("hostname")).hasContent(in(container, "hostname"));
        assertThat(fails(1, "cp", local("one"), container + ":/etc/hosts")).containsIgnoringCase("busy");
        assertThat(in(container, "cat /etc/hosts")).contains("localhost");
    }

    @Test
    void keepsAReadOnlyRootAsItIs() throws IOException {
        String container = background("sleep 1000", "--read-only");
        assertThat(fails(1, "cp", local("one"), container + ":/tmp")).contains("container rootfs is marked read-only");
        ok("stop", "-t", "0", container);
        assertThat(fails(1, "cp", local("one"), container + ":/tmp")).contains("container rootfs is marked read-only");
    }

    @Test
    void givesFilesToTheContainersUserWhenAsked() throws IOException {
        String container = background("sleep 1000", "-u", "nobody");
        ok("cp", local("one"), container + ":/tmp/kept");
        ok("cp", "-a", local("one"), container + ":/tmp/given");
        assertThat(in(container, "stat -c %u /tmp/kept /tmp/given")).isEqualTo("0\n65534");
    }

    @Test
    void saysWhatIsWrongWithItsOperands() throws IOException {
        assertThat(fails(1, "cp", "a:/b", "c:/d")).isEqualTo("copying between containers is not supported");
        assertThat(fails(1, "cp", local("one"), local("two"))).isEqualTo("must specify at least one container source");
        assertThat(fails(1, "cp", "", "c:/d")).isEqualTo("source can not be empty");
        assertThat(fails(1, "cp", local("one"), "nosuch:/x")).contains("No such container: nosuch");
    }
}
