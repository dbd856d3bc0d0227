package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Images whose usual directories are links that lead out of the root: whatever comes of it, the host keeps what it
/// has.
// CVE-2019-19921, CVE-2021-30465, CVE-2025-52881
@EverySetup
class HostileImagesIT extends EndToEnd {
    @ParameterizedTest
    @ValueSource(strings = {"proc", "dev", "sys", "etc", "tmp"})
    void reachNothingOfTheHost(String link) throws IOException {
        Path host = Files.createTempDirectory("host");
        String image = newName();
        Result imported = setup.client().callWithInput(tar(link, "../../../../.." + host), "import", "-", image);
        assertThat(imported.exit()).as(imported::toString).isZero();
        Result run = call(
                "run",
                "--rm",
                "-w",
                "/tmp/made",
                "--tmpfs",
                "/dev/made",
                "-v",
                "/var/opt:/etc/made:ro",
                image,
                "/bin/busybox",
                "true");
        if (run.exit() != 0) {
            assertThat(run.exit()).as(run::toString).isIn(125, 126, 127);
            assertThat(run.err()).contains("/" + link);
        }
        try (var made = Files.list(host)) {
            assertThat(made).as(run::toString).isEmpty();
        }
        Files.delete(host);
        assertThat(ok("ps", "-a", "-q")).isEmpty();
        ok("rmi", image);
    }

    private static InputStream tar(String link, String target) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            BusyboxImage.directory(tar, "bin", 0755);
            BusyboxImage.file(tar, "bin/busybox", 0755, Files.readAllBytes(Path.of("/bin/busybox")));
            BusyboxImage.link(tar, link, target);
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }
}
