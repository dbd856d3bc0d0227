package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// `--userns-remap`: root of a container is nobody on the host. Each test has a daemon to itself, which sees a user
/// with subordinate IDs that this host does not have.
class UserRemappingIT extends DoomedDaemon {
    private static final int FIRST = 200_000;
    private static final String RANGE = "dockremap:" + FIRST + ":65536";
    private static final String MAPPED = "0 " + FIRST + " 65536";

    @TempDir
    private Path directory;

    private Map<Path, Path> seen;

    /// Each test says which daemon it is for.
    @Override
    @BeforeEach
    void startOne() throws IOException {
        seen = Map.of(
                Path.of("/etc/passwd"), withLine("/etc/passwd", "dockremap:x:699:699::/:/bin/false"),
                Path.of("/etc/group"), withLine("/etc/group", "dockremap:x:699:"),
                Path.of("/etc/subuid"), withLine("/etc/subuid", RANGE),
                Path.of("/etc/subgid"), withLine("/etc/subgid", RANGE));
    }

    private Path withLine(String file, String line) throws IOException {
        Path copy = Files.copy(Path.of(file), directory.resolve(Path.of(file).getFileName()));
        return Files.writeString(copy, line + "\n", StandardOpenOption.APPEND);
    }

    private void start(DaemonKind kind) throws IOException {
        assumeTrue(kind.installed(), "host: " + kind + " is not installed");
        assumeTrue(kind != DaemonKind.GANTRY || showsLayersToOthers(), "host: the kernel is older than 6.18");
        use(DaemonUnderTest.startSeeing(seen, kind, "--userns-remap", "dockremap"));
    }

    /// Layers with other owners: docs/conformance.md.
    private static boolean showsLayersToOthers() {
        String[] release = System.getProperty("os.version").split("[.-]", -1);
        return Integer.parseInt(release[0]) * 1000 + Integer.parseInt(release[1]) >= 6018;
    }

    private String inContainer(String script, String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("run", "--rm", "--network", "none"));
        words.addAll(List.of(options));
        words.addAll(List.of(EndToEnd.IMAGE, "sh", "-c", script));
        return ok(words.toArray(String[]::new)).replaceAll(" +", " ");
    }

    private void background(String name) throws IOException {
        ok("run", "-d", "--name", name, "--network", "none", EndToEnd.IMAGE, "sleep", "1000");
    }

    /// The user of a container's main process, as the host sees it.
    private String owner(String name) throws IOException {
        String pid = ok("inspect", "-f", "{{.State.Pid}}", name);
        return Files.readAllLines(Path.of("/proc", pid, "status")).stream()
                .filter(line -> line.startsWith("Uid:"))
                .map(line -> line.split("\t", -1)[1])
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void makesRootNobodyOnTheHost(DaemonKind kind) throws IOException {
        start(kind);
        background("mapped");

        assertThat(owner("mapped")).isEqualTo(Integer.toString(FIRST));
        assertThat(ok("exec", "mapped", "id", "-u")).isEqualTo("0");
        assertThat(ok("exec", "mapped", "cat", "/proc/self/uid_map").replaceAll(" +", " "))
                .isEqualTo(MAPPED);
        assertThat(ok("exec", "mapped", "cat", "/proc/self/gid_map").replaceAll(" +", " "))
                .isEqualTo(MAPPED);
        assertThat(ok("info", "-f", "{{json .SecurityOptions}}")).contains("name=userns");
    }

    /// Devices are not compared: dockerd binds the host's, which belong to nobody.
    @ParameterizedTest
    @EnumSource
    void showsFilesAsRoots(DaemonKind kind) throws IOException {
        start(kind);
        // dockerd's link belongs to the host's root
        String link = kind == DaemonKind.GANTRY ? "/etc/mtab" : "/etc";
        String owners = "touch /new; stat -c %u:%g /bin /new /tmp /.dockerenv /etc/hosts " + link;

        assertThat(inContainer(owners).lines()).hasSize(6).containsOnly("0:0");
        assertThat(inContainer(
                        "touch /data/file && chown 1000:1001 /data/file && stat -c %u:%g /data/file",
                        "-v", "data:/data"))
                .isEqualTo("1000:1001");
        Path volume = Path.of(ok("volume", "inspect", "-f", "{{.Mountpoint}}", "data"));
        assertThat(Files.getAttribute(volume.resolve("file"), "unix:uid")).isEqualTo(FIRST + 1000);
        assertThat(Files.getAttribute(volume.resolve("file"), "unix:gid")).isEqualTo(FIRST + 1001);
    }

    @ParameterizedTest
    @EnumSource
    void copiesFilesForTheContainersUsers(DaemonKind kind) throws IOException {
        start(kind);
        background("copied");
        Path file = Files.writeString(directory.resolve("file"), "text");

        ok("cp", file.toString(), "copied:/file");
        assertThat(ok("exec", "copied", "stat", "-c", "%u:%g", "/file")).isEqualTo("0:0");
        ok("cp", "copied:/file", directory.resolve("back").toString());
        assertThat(directory.resolve("back")).hasContent("text");
    }

    @ParameterizedTest
    @EnumSource
    void copiesFilesIntoWhatIsMountedBeforeAnyStart(DaemonKind kind) throws IOException {
        start(kind);
        Path file = Files.writeString(directory.resolve("file"), "text");
        // what is above belongs to the host's root with dockerd
        String above = kind == DaemonKind.GANTRY ? "/new" : "";
        String command = "stat -c %u:%g /new/deep /new/deep/file " + above;
        ok("create", "--name", "filled", "--network", "none", "-v", "/new/deep", EndToEnd.IMAGE, "sh", "-c", command);

        ok("cp", file.toString(), "filled:/new/deep/file");

        assertThat(ok("start", "-a", "filled").lines())
                .hasSizeGreaterThanOrEqualTo(2)
                .containsOnly("0:0");
    }

    @ParameterizedTest
    @EnumSource
    void leavesContainersInTheHostsNamespaceThatAskForIt(DaemonKind kind) throws IOException {
        start(kind);

        assertThat(inContainer("cat /proc/self/uid_map", "--userns", "host")).isEqualTo("0 0 4294967295");
        // dockerd has unpacked the image for the others, and shows its files so
        assertThat(inContainer("stat -c %u /bin", "--userns", "host"))
                .isEqualTo(kind == DaemonKind.GANTRY ? "0" : Integer.toString(FIRST));
        assertThat(inContainer("id -u", "--userns", "host", "--pid", "host")).isEqualTo("0");
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhatIsTheHosts(DaemonKind kind) throws IOException {
        start(kind);
        Map<String, String> refusals = Map.of(
                "--privileged", "privileged mode is incompatible with user namespaces",
                "--pid=host", "cannot share the host PID namespace when user namespaces are enabled",
                "--network=host", "cannot share the host's network namespace when user namespaces are enabled");

        for (Map.Entry<String, String> each : refusals.entrySet()) {
            Result result = docker.call("run", "--rm", each.getKey(), EndToEnd.IMAGE, "true");
            assertThat(result.exit()).as(result::toString).isEqualTo(125);
            assertThat(result.err()).contains(each.getValue());
        }
    }

    /// dockerd binds the host's of the same name, and has none at other places.
    @Test
    void hasDevicesWhereverTheyAreAskedFor() throws IOException {
        start(DaemonKind.GANTRY);

        String script = "for d in /etc/null /new/one /dev/own; do echo x > $d; stat -c %u:%g:%t:%T $d; done";
        String[] devices = {"--device=/dev/null:/etc/null", "--device=/dev/null:/new/one", "--device=/dev/null:/dev/own"
        };

        assertThat(inContainer(script, devices).lines()).hasSize(3).containsOnly("0:0:1:3");
    }

    @Test
    void outlivesTheDaemon() throws IOException {
        start(DaemonKind.GANTRY);
        background("lasting");

        die();

        assertThat(owner("lasting")).isEqualTo(Integer.toString(FIRST));
        assertThat(ok("exec", "lasting", "id", "-u")).isEqualTo("0");
        ok("restart", "-t", "0", "lasting");
        assertThat(owner("lasting")).isEqualTo(Integer.toString(FIRST));
    }
}
