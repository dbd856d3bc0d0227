package dev.gantry.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.event.EventLog;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.SafeDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The content of an image, for a volume that a container has already.
class LateContentIT {
    private static final String OF_THE_IMAGE = "of the image";

    @TempDir
    private Path directory = Path.of("");

    private VolumeTable table;

    @BeforeEach
    void open() throws IOException {
        table = new VolumeTable(
                new VolumeFiles(directory.resolve("volumes"), new VolumeFiles.Owner(0, 0)), new EventLog());
    }

    private Path made(Map<String, String> options) throws IOException {
        table.make(new VolumeRecord("shared", Instant.EPOCH, null, options), VolumeFiles.Filling.NONE);
        table.use("shared", "first");
        return directory.resolve("volumes/shared");
    }

    private static Map<String, String> bound(Path device) {
        return Map.of("type", "none", "o", "bind", "device", device.toString());
    }

    private void fill() throws IOException {
        table.use("shared", "second");
        table.fill(table.get("shared"), "second", LateContentIT::fill);
    }

    private static void fill(SafeDirectory parent, String data) throws IOException {
        parent.createDirectory(data + "/sub", 0700);
        parent.writeFile(data + "/sub/file", OF_THE_IMAGE.getBytes(StandardCharsets.UTF_8), 0600);
        parent.writeFile(data + "/both", OF_THE_IMAGE.getBytes(StandardCharsets.UTF_8), 0600);
        parent.chown(data, 70, 80);
        parent.chmod(data, 01777);
    }

    /// What an engine leaves that is killed when it begins.
    private static void begin(Path volume) throws IOException {
        try (SafeDirectory parent = SafeDirectory.open(volume)) {
            parent.createDirectory("filling", 0700);
            fill(parent, "filling");
        }
    }

    private static void assertFilled(Path data) throws IOException {
        assertThat(data.resolve("sub/file")).hasContent(OF_THE_IMAGE);
        assertThat(Files.getAttribute(data, "unix:uid")).isEqualTo(70);
        assertThat(Files.getAttribute(data, "unix:gid")).isEqualTo(80);
        assertThat((int) Files.getAttribute(data, "unix:mode") & 07777).isEqualTo(01777);
    }

    private static void assertNothingBeside(Path volume) throws IOException {
        try (var beside = Files.list(volume)) {
            assertThat(beside.map(each -> String.valueOf(each.getFileName())))
                    .containsExactlyInAnyOrder("_data", "volume.json");
        }
    }

    /// The first container has written meanwhile.
    @Test
    void comesOnWhenTheEngineWasKilled() throws IOException {
        Path volume = made(Map.of());
        begin(volume);
        Files.writeString(volume.resolve("_data/both"), "of a container");

        open();

        assertFilled(volume.resolve("_data"));
        assertThat(volume.resolve("_data/both")).hasContent("of a container");
        assertNothingBeside(volume);
    }

    @Test
    void comesIntoADirectoryOfTheHostOnceThatIsThere() throws IOException {
        Path host = Files.createDirectory(directory.resolve("host"));
        Path volume = made(bound(host));
        begin(volume);
        Files.createDirectories(host.resolve(".gantry-filling/sub"));
        Path away = Files.move(host, directory.resolve("away"));
        open();
        assertThat(volume.resolve("filling")).isDirectory();
        Files.move(away, host);

        fill();

        assertFilled(host);
        assertThat(host.resolve(".gantry-filling")).doesNotExist();
        assertNothingBeside(volume);
    }

    @Test
    void comesWhereALinkOfTheHostLeads() throws IOException {
        Path host = Files.createDirectories(directory.resolve("elsewhere/host"));
        Path volume = made(bound(Files.createSymbolicLink(directory.resolve("link"), host)));

        fill();

        assertFilled(host);
        assertNothingBeside(volume);
    }

    /// proc(5) takes no files, not even root's.
    @Test
    void isGivenUpWhereNothingOfItCanCome() throws IOException {
        Path volume = made(bound(Path.of("/proc/tty/ldisc")));

        assertThatThrownBy(this::fill).isInstanceOf(KernelException.class);

        assertNothingBeside(volume);
    }

    @Test
    void mayBeAModeAlone() throws IOException {
        Path volume = made(Map.of());
        table.use("shared", "second");

        table.fill(table.get("shared"), "second", (parent, data) -> parent.chmod(data, 0700));

        assertThat(volume.resolve("_data")).isEmptyDirectory();
        assertThat(Files.getPosixFilePermissions(volume.resolve("_data")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertNothingBeside(volume);
    }
}
