package dev.gantry.e2e.registries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.e2e.Client;
import dev.gantry.e2e.ClientKind;
import dev.gantry.e2e.Command;
import dev.gantry.e2e.DaemonKind;
import dev.gantry.e2e.DaemonUnderTest;
import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.GantryDaemon;
import dev.gantry.e2e.LocalRegistry;
import dev.gantry.e2e.Repository;
import dev.gantry.e2e.Result;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// An image of odd layers goes to a registry, from there to each of the other tools, from that to another registry,
/// which has nothing of it yet, and back: everybody has the same files and the same bytes of configuration.
/// docs/conformance.md has the same list of tools.
@GantryDaemon
class RegistryPeersIT extends EndToEnd {
    private static final Path CRANE = Repository.root().resolve("target/crane");

    @TempDir
    private static Path made;

    private static LocalRegistry there;
    private static LocalRegistry back;

    @TempDir
    private Path directory;

    private String sent = "";
    private String id = "";
    private List<String> files = List.of();

    @BeforeAll
    static void makeTheImage() throws IOException {
        there = LocalRegistry.start();
        back = LocalRegistry.start();
        try (InputStream script = Objects.requireNonNull(RegistryPeersIT.class.getResourceAsStream("image.sh"))) {
            String text = new String(script.readAllBytes(), StandardCharsets.UTF_8);
            String _ = bash("cd \"$made\"\n" + text, Map.of("made", made.toString()));
        }
    }

    @AfterAll
    static void closeRegistries() throws IOException {
        there.close();
        back.close();
    }

    @BeforeEach
    void send() throws IOException {
        sent = there.host() + "/" + newName() + ":1";
        ok("load", "-q", "-i", made.resolve("image.tar").toString());
        id = ok("image", "inspect", "-f", "{{.Id}}", "sent:1");
        assertThat(id).isEqualTo("sha256:" + sha256(Files.readString(made.resolve("config.json"))));
        files = files(setup.client(), "sent:1");
        assertThat(files)
                .anyMatch(line -> line.startsWith("-rwsr-x--x"))
                .anyMatch(line -> line.endsWith(" gone/other link to gone/again"))
                .anyMatch(line -> line.matches("brw------- +0/6 +7,200 .* dev/disk"))
                .anyMatch(line -> line.endsWith(" user.of-directory"))
                .anyMatch(line -> line.endsWith("busybox cap_net_bind_service,cap_net_raw=ep"));
        ok("tag", "sent:1", sent);
        ok("push", "-q", sent);
        remove();
    }

    @AfterEach
    void remove() throws IOException {
        Result _ = call("rmi", "-f", id);
        assertThat(ok("images", "-q", "-f", "reference=sent")).isEmpty();
    }

    private static String bash(String script, Map<String, String> variables) throws IOException {
        Result result = Command.run(List.of("unshare", "-m", "bash", "-ec", script), variables);
        assertThat(result.exit()).as(result::toString).isZero();
        return result.out();
    }

    private String bash(String script) throws IOException {
        return bash(
                "cd \"$directory\"; " + script,
                Map.of(
                        "directory",
                        directory.toString(),
                        "sent",
                        sent,
                        "returned",
                        returned(),
                        "crane",
                        CRANE.toString()));
    }

    private static String sha256(String text) throws IOException {
        return Command.run(List.of("sha256sum"), Map.of(), bytes(text)).out().substring(0, 64);
    }

    /// Where the tool of this test sends the image.
    private String returned() {
        return back.host() + sent.substring(sent.indexOf('/'));
    }

    /// What a container would see, below its root: an archive of all names, types, modes, owners, times, attributes,
    /// hard links, devices and contents. It is shown as a list, and proven by its sum.
    private static final String LIST = """
            export LC_ALL=C; shopt -s dotglob; archive=$directory/archive
            tar --create --format=posix --sort=name --numeric-owner --xattrs --xattrs-include='*' \\
                --pax-option='exthdr.name=%d/%f,delete=atime,delete=ctime' --file "$archive" -- *
            tar --list -vv --full-time --numeric-owner --xattrs --file "$archive"
            getcap -r . | sort
            sha256sum < "$archive"; rm "$archive"
            """;

    private List<String> files(Path root) throws IOException {
        return bash("cd '" + root + "'; " + LIST).lines().toList();
    }

    /// Of an image in the overlay of a daemon.
    private List<String> files(Client client, String image) throws IOException {
        Result inspected = client.call("image", "inspect", "-f", "{{json .GraphDriver.Data}}", image);
        assertThat(inspected.exit()).as(inspected::toString).isZero();
        JsonNode data = json(inspected.out());
        String layers =
                data.path("UpperDir").asString() + ":" + data.path("LowerDir").asString();
        Path _ = Files.createDirectories(directory.resolve("root"));
        return bash("mount -t overlay -o 'ro,lowerdir=" + layers + "' overlay root; cd root; " + LIST)
                .lines()
                .toList();
    }

    /// Of the image in the OCI image layout `layout`.
    private List<String> filesOfLayout() throws IOException {
        // umoci wants to have a name, which crane gives none
        String _ = bash("skopeo copy --insecure-policy oci:layout oci:named:1; umoci unpack --image named:1 bundle");
        return files(directory.resolve("bundle/rootfs"));
    }

    private void comesBack() throws IOException {
        ok("pull", "-q", returned());
        assertThat(ok("image", "inspect", "-f", "{{.Id}}", returned())).isEqualTo(id);
        assertThat(files(setup.client(), returned())).isEqualTo(files);
    }

    private static String configuration() throws IOException {
        return Files.readString(made.resolve("config.json"));
    }

    @Test
    void skopeo() throws IOException {
        String _ = bash("skopeo copy --insecure-policy --src-tls-verify=false docker://$sent oci:layout:1");
        assertThat(bash("skopeo inspect --config --raw oci:layout:1")).isEqualTo(configuration());
        assertThat(filesOfLayout()).isEqualTo(files);
        String _ = bash("skopeo copy --insecure-policy --dest-tls-verify=false --dest-compress-format zstd"
                + " oci:layout:1 docker://$returned");
        comesBack();
    }

    @Test
    void crane() throws IOException {
        assumeTrue(Files.isExecutable(CRANE), "beside: crane is not built, which scripts/crane does");
        String _ = bash("$crane pull --format oci $sent layout");
        assertThat(bash("$crane config $sent")).isEqualTo(configuration());
        assertThat(filesOfLayout()).isEqualTo(files);
        String _ = bash("$crane push layout $returned");
        comesBack();
    }

    @Test
    void dockerd() throws IOException {
        assumeTrue(DaemonKind.DOCKERD.installed(), "dockerd is not installed");
        try (DaemonUnderTest daemon = DaemonUnderTest.start(DaemonKind.DOCKERD)) {
            Client dockerd = new Client(ClientKind.DOCKER, daemon);
            for (List<String> words :
                    List.of(List.of("pull", sent), List.of("tag", sent, returned()), List.of("push", returned()))) {
                Result result = dockerd.call(words.toArray(String[]::new));
                assertThat(result.exit()).as(result::toString).isZero();
            }
            // the sum of what it has as configuration
            assertThat(dockerd.call("image", "inspect", "-f", "{{.Id}}", sent)
                            .out()
                            .strip())
                    .isEqualTo(id);
            assertThat(files(dockerd, sent)).isEqualTo(files);
        }
        comesBack();
    }

    @Test
    void podman() throws IOException {
        assumeTrue(Files.exists(Path.of("/usr/bin/podman")), "podman is not installed");
        // podman takes no longer path than 50 characters
        Path run = Files.createTempDirectory(Path.of("/tmp"), "podman");
        String podman = "podman --storage-driver overlay --root %s/root --runroot %s".formatted(run, run);
        try {
            String _ = bash(podman + " pull -q --tls-verify=false $sent");
            assertThat(bash(podman + " image inspect -f '{{.Id}}' $sent").strip())
                    .isEqualTo(id.substring("sha256:".length()));
            assertThat(bash("cd $(" + podman + " image mount $sent); " + LIST).lines())
                    .isEqualTo(files);
            String _ = bash(podman + " push -q --tls-verify=false $sent $returned");
        } finally {
            String _ = bash(podman + " image umount -a || true; " + podman + " rmi -af; rm -rf " + run);
        }
        comesBack();
    }
}
