package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Bind mounts, tmpfs, and a read-only root.
@EverySetup
class MountsIT extends EndToEnd {
    private Path directory;

    @BeforeEach
    void makeADirectoryOnTheHost() throws IOException {
        directory = Files.createTempDirectory("mounts");
        Files.writeString(directory.resolve("file"), "from the host\n");
    }

    @AfterEach
    void removeIt() throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    @Test
    void showAndChangeADirectoryOfTheHost() throws IOException {
        assertThat(inside("cat /data/file; echo back > /data/made", "-v", directory + ":/data"))
                .isEqualTo("from the host");
        assertThat(directory.resolve("made")).hasContent("back\n");
    }

    @Test
    void canBeReadOnly() throws IOException {
        String script = "touch /data/made 2> /dev/null || echo read-only";
        assertThat(inside(script, "-v", directory + ":/data:ro")).isEqualTo("read-only");
        assertThat(inside(script, "--mount", "type=bind,src=" + directory + ",dst=/data,readonly"))
                .isEqualTo("read-only");
    }

    @Test
    void showAFileOfTheHost() throws IOException {
        assertThat(inside("cat /etc/motd", "-v", directory.resolve("file") + ":/etc/motd"))
                .isEqualTo("from the host");
    }

    @Test
    void makeAMissingSourceForVolumesButNotForMounts() throws IOException {
        Path missing = directory.resolve("missing");
        assertThat(fails(125, "run", "--rm", "--mount", "type=bind,src=" + missing + ",dst=/data", IMAGE, "true"))
                .contains("bind source path does not exist: " + missing);
        assertThat(missing).doesNotExist();
        inside("true", "-v", missing + ":/data");
        assertThat(missing).isDirectory();
    }

    @Test
    void haveThePropagationAskedFor() throws IOException {
        String script = "awk '$5 == \"/data\" { print $7 }' /proc/self/mountinfo";
        assertThat(inside(script, "-v", directory + ":/data")).isEqualTo("-");
        assertThat(fails(125, "run", "--rm", "-v", directory + ":/data:nonsense", IMAGE, "true"))
                .contains("invalid mode: nonsense");
    }

    /// Whatever the mount is on which the directory lies, those in it are of three kinds.
    @Test
    void haveOnlyThePropagationThatTheirSourceCanGive() throws IOException {
        Path shared = bound("shared", "--make-shared");
        Path slave = Files.createDirectory(directory.resolve("slave"));
        host("mount", "--bind", shared.toString(), slave.toString());
        host("mount", "--make-slave", slave.toString());
        Path lone = bound("private", "--make-private");
        try {
            Files.createDirectory(lone.resolve("below"));
            Files.createSymbolicLink(shared.resolve("link"), lone.resolve("below"));
            for (String each : List.of("shared", "rshared")) {
                assertThat(propagation(shared, each)).startsWith("shared:");
                assertThat(refusal(slave, each)).contains(notA("shared", slave, slave));
                assertThat(refusal(lone.resolve("below"), each)).contains(notA("shared", lone.resolve("below"), lone));
            }
            for (String each : List.of("slave", "rslave")) {
                assertThat(propagation(shared, each)).startsWith("master:");
                assertThat(propagation(slave, each)).startsWith("master:");
                assertThat(refusal(lone, each)).contains(notA("shared or slave", lone, lone));
                assertThat(refusal(shared.resolve("link"), each))
                        .contains(notA("shared or slave", shared.resolve("link"), lone));
            }
        } finally {
            for (Path each : List.of(lone, slave, shared)) {
                host("umount", each.toString());
            }
            for (String each : List.of("private/below", "private", "slave", "shared/link", "shared")) {
                Files.deleteIfExists(directory.resolve(each));
            }
        }
    }

    private Path bound(String name, String propagation) throws IOException {
        Path place = Files.createDirectory(directory.resolve(name));
        host("mount", "--bind", place.toString(), place.toString());
        host("mount", propagation, place.toString());
        return place;
    }

    private static void host(String... words) throws IOException {
        Result result = Command.run(List.of(words), Map.of());
        assertThat(result.exit()).as(result::toString).isZero();
    }

    private String propagation(Path source, String asked) throws IOException {
        return inside("awk '$5 == \"/data\" { print $7 }' /proc/self/mountinfo", "-v", source + ":/data:" + asked);
    }

    private String refusal(Path source, String asked) throws IOException {
        return fails(125, "run", "--rm", "-v", source + ":/data:" + asked, IMAGE, "true");
    }

    private static String notA(String kind, Path source, Path mount) {
        return "path " + source + " is mounted on " + mount + " but it is not a " + kind + " mount";
    }

    @Test
    void areRefusedForRelativeTargets() throws IOException {
        assertThat(fails(125, "run", "--rm", "-v", directory + ":data", IMAGE, "true"))
                .contains("mount path must be absolute");
    }

    @Test
    void inMemoryHaveTheirSizeAndOptions() throws IOException {
        String script = "grep ' /scratch ' /proc/mounts; touch /scratch/x && echo writable";
        assertThat(inside(script, "--tmpfs", "/scratch:size=1m,mode=700"))
                .contains("tmpfs /scratch tmpfs rw,nosuid,nodev,noexec")
                .contains("size=1024k,mode=700")
                .endsWith("writable");
        assertThat(inside("stat -c %a /scratch", "--mount", "type=tmpfs,dst=/scratch,tmpfs-mode=1770"))
                .isEqualTo("1770");
    }

    @Test
    void stayWritableOnAReadOnlyRoot() throws IOException {
        String script = "touch /x 2> /dev/null || echo read-only; touch /data/x /scratch/x /dev/shm/x && echo writable";
        assertThat(inside(script, "--read-only", "-v", directory + ":/data", "--tmpfs", "/scratch"))
                .isEqualTo("read-only\nwritable");
    }

    @Test
    void areReadOnlyVolumesAlsoWhereTheEngineMountsFiles() throws IOException {
        String script = "touch /etc/x 2> /dev/null || echo read-only; cat /etc/hostname";
        String volume = newName();
        assertThat(inside(script, "-v", volume + ":/etc:ro", "--hostname", "named"))
                .isEqualTo("read-only\nnamed");
        ok("volume", "rm", volume);
    }

    @Test
    void ofTheContainersOwnGoWithItOnlyWhenAsked() throws IOException {
        String name = background("touch /data/made", "-v", "/data");
        ok("wait", name);
        Path volume = Path.of(inspect(name).at("/Mounts/0/Source").asString());
        assertThat(volume.resolve("made")).exists();
        ok("start", name);
        ok("wait", name);
        assertThat(ok("rm", "-f", "-v", name)).isEqualTo(name);
        assertThat(volume).doesNotExist();
    }

    @Test
    void leaveNothingOnTheHost() throws IOException {
        inside("true", "-v", directory + ":/data", "--tmpfs", "/scratch");
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(directory.toString());
    }
}
