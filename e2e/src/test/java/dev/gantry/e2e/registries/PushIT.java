package dev.gantry.e2e.registries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.Command;
import dev.gantry.e2e.CuttingProxy;
import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EverySetup;
import dev.gantry.e2e.LocalRegistry;
import dev.gantry.e2e.Result;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// `push`, and what others make of what was pushed.
@EverySetup
class PushIT extends EndToEnd {
    private static final String USER = "alice";
    private static final String PASSWORD = "wonder:land";

    private static LocalRegistry open;
    private static LocalRegistry secured;

    @BeforeAll
    static void startRegistries() throws IOException {
        open = LocalRegistry.start();
        secured = LocalRegistry.secured(USER, PASSWORD);
    }

    @AfterAll
    static void closeThem() throws IOException {
        open.close();
        secured.close();
    }

    @AfterEach
    void removeNames() throws IOException {
        List<String> names = ok("images", "--format", "{{.Repository}}:{{.Tag}}")
                .lines()
                .filter(name -> name.startsWith("127.0.0.1"))
                .toList();
        for (String name : names) {
            ok("rmi", "-f", name);
        }
        Result _ = call("logout", secured.host());
    }

    /// A name at the open registry that no other test uses, for the busybox image.
    private String newTag() throws IOException {
        String name = open.host() + "/push/" + newName() + ":1";
        ok("tag", IMAGE, name);
        return name;
    }

    private static String layers(List<String> lines, String step) {
        return lines.stream()
                .filter(line -> line.endsWith(": " + step))
                .map(line -> line.substring(0, 12))
                .findFirst()
                .orElse("");
    }

    @Test
    void sendsAnImageAndTellsEachStep() throws IOException {
        // by itself, or the layer would be mounted
        String archive = "import-" + newName();
        String name = open.host() + "/push/" + archive + ":1";
        Result imported = setup.client().callWithInput(tar(archive, 100), "import", "-", name);
        assertThat(imported.exit()).as(imported::toString).isZero();
        List<String> lines = ok("push", name).lines().toList();
        assertThat(lines.getFirst())
                .isEqualTo("The push refers to repository [" + name.substring(0, name.length() - 2) + "]");
        assertThat(layers(lines, "Preparing")).isNotEmpty().isEqualTo(layers(lines, "Pushed"));
        assertThat(lines.getLast()).matches("1: digest: sha256:[0-9a-f]{64} size: [0-9]+");
        String digest = lines.getLast().split(" ", -1)[2];
        JsonNode image = json(ok("image", "inspect", name)).get(0);
        assertThat(image.at("/RepoDigests/0").asString())
                .isEqualTo(name.substring(0, name.length() - 2) + "@" + digest);
    }

    @Test
    void sendsNothingTheSecondTime() throws IOException {
        String name = newTag();
        String first = ok("push", name);
        int before = open.requests().size();
        List<String> lines = ok("push", name).lines().toList();
        assertThat(layers(lines, "Layer already exists")).isNotEmpty();
        assertThat(lines.getLast()).isEqualTo(first.lines().toList().getLast());
        assertThat(open.requests().stream().skip(before))
                .isNotEmpty()
                .noneMatch(request -> request.startsWith("POST ") || request.startsWith("PATCH "));
    }

    @Test
    void mountsWhatTheRegistryHasElsewhere() throws IOException {
        String one = newTag();
        ok("push", one);
        String two = newTag();
        int before = open.requests().size();
        List<String> lines = ok("push", two).lines().toList();
        assertThat(lines).anyMatch(line -> line.contains(": Mounted from push/"));
        assertThat(open.requests().stream().skip(before))
                .anyMatch(request ->
                        request.startsWith("POST ") && request.contains("mount=") && request.endsWith("201"));
    }

    @Test
    void sendsAllTags() throws IOException {
        String name = newTag();
        String repository = name.substring(0, name.length() - 2);
        ok("tag", name, repository + ":2");
        List<String> lines = ok("push", "-a", repository).lines().toList();
        assertThat(lines)
                .anyMatch(line -> line.startsWith("1: digest: "))
                .anyMatch(line -> line.startsWith("2: digest: "));
        assertThat(json(skopeo("list-tags", "docker://" + repository))
                        .path("Tags")
                        .size())
                .isEqualTo(2);
        assertThat(fails(1, "push", "-a", name)).isEqualTo("tag can't be used with --all-tags/-a");
        Result quiet = call("push", "-q", name);
        assertThat(quiet.out()).isEqualTo(name + "\n");
    }

    @Test
    void saysWhatThereIsNot() throws IOException {
        assertThat(fails(1, "push", open.host() + "/push/nobody"))
                .endsWith(
                        setup.onGantry()
                                ? "tag does not exist: " + open.host() + "/push/nobody:latest"
                                : "An image does not exist locally with the tag: " + open.host() + "/push/nobody");
        assertThat(fails(1, "push", "-a", open.host() + "/push/nobody"))
                .endsWith("An image does not exist locally with the tag: " + open.host() + "/push/nobody");
        ok("tag", IMAGE, "127.0.0.1:1/thing:1");
        assertThat(fails(1, "push", "127.0.0.1:1/thing:1")).contains("127.0.0.1:1", "connection refused");
        assertThat(fails(1, "push", open.host() + "/a@sha256:" + "0".repeat(64)))
                .isEqualTo("cannot push a digest reference");
    }

    @Test
    void isAskedWhoItIs() throws IOException {
        String name = secured.host() + "/private/thing:1";
        ok("tag", IMAGE, name);
        assertThat(fails(1, "push", name)).endsWith("no basic auth credentials");
        Result wrong =
                setup.client().callWithInput(bytes("wrong\n"), "login", "-u", USER, "--password-stdin", secured.host());
        assertThat(wrong.exit()).as(wrong::toString).isEqualTo(1);
        assertThat(wrong.err())
                .contains("login attempt to https://" + secured.host() + "/v2/ failed with status: 401 Unauthorized");
        Result login = setup.client()
                .callWithInput(bytes(PASSWORD + "\n"), "login", "-u", USER, "--password-stdin", secured.host());
        assertThat(login.exit()).as(login::toString).isZero();
        assertThat(login.out()).isEqualTo("Login Succeeded\n");
        ok("push", name);
        String id = ok("image", "inspect", "-f", "{{.Id}}", name);
        assertThat(json(skopeo("inspect", "--creds", USER + ":" + PASSWORD, "--config", "docker://" + name))
                        .at("/rootfs/type")
                        .asString())
                .isEqualTo("layers");
        ok("pull", name);
        assertThat(ok("image", "inspect", "-f", "{{.Id}}", name)).isEqualTo(id);
        assertThat(ok("logout", secured.host())).isEqualTo("Removing login credentials for " + secured.host());
        assertThat(fails(1, "push", name)).endsWith("no basic auth credentials");
    }

    /// skopeo checks every digest and the diff IDs when it copies to a directory of the `oci` transport.
    @Test
    void isTakenBySkopeoWithTheSameConfiguration() throws IOException {
        String name = newTag();
        ok("push", name);
        Path directory = Files.createTempDirectory("gantry-push");
        try {
            String _ = skopeo("copy", "docker://" + name, "oci:" + directory.resolve("layout") + ":x");
            Result unpacked = Command.run(
                    List.of(
                            "umoci",
                            "unpack",
                            "--rootless",
                            "--image",
                            directory.resolve("layout") + ":x",
                            directory.resolve("bundle").toString()),
                    Map.of());
            assertThat(unpacked.exit()).as(unpacked::toString).isZero();
            assertThat(directory.resolve("bundle/rootfs/bin/busybox")).hasSameBinaryContentAs(Path.of("/bin/busybox"));
            String id = "sha256:"
                    + Command.run(
                                    List.of(
                                            "bash",
                                            "-c",
                                            "skopeo inspect --tls-verify=false --config --raw docker://" + name
                                                    + " | sha256sum | cut -c1-64"),
                                    Map.of())
                            .out()
                            .strip();
            assertThat(ok("image", "inspect", "-f", "{{.Id}}", name)).isEqualTo(id);
        } finally {
            Result _ = Command.run(List.of("rm", "-rf", directory.toString()), Map.of());
        }
    }

    @Test
    void goesOnWhenConnectionsAreCut() throws IOException {
        long seed = new Random().nextLong();
        String image = newName();
        try (CuttingProxy proxy = new CuttingProxy(open.host(), 3, 4 << 20, seed)) {
            String name = proxy.host() + "/push/" + image + ":1";
            Result imported = setup.client().callWithInput(tar(image, 8 << 20), "import", "-", name);
            assertThat(imported.exit()).as(imported::toString).isZero();
            ok("push", name);
            assertThat(proxy.left()).as("seed %d", seed).isZero();
            String there = open.host() + "/push/" + image + ":1";
            ok("rmi", "-f", name);
            ok("pull", there);
            assertThat(ok("image", "inspect", "-f", "{{.Size}}", there))
                    .satisfies(size -> assertThat(Long.parseLong(size)).isGreaterThanOrEqualTo(8 << 20));
        }
    }

    /// A tar of one file of random bytes, which no compression makes smaller.
    private static ByteArrayInputStream tar(String file, int size) throws IOException {
        byte[] content = new byte[size];
        new Random().nextBytes(content);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            TarArchiveEntry entry = new TarArchiveEntry(file);
            entry.setSize(content.length);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    private static String skopeo(String command, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(
                List.of("skopeo", command, command.equals("copy") ? "--src-tls-verify=false" : "--tls-verify=false"));
        if (command.equals("copy")) {
            words.add(1, "--insecure-policy");
        }
        words.addAll(Stream.of(arguments).toList());
        Result result = Command.run(words, Map.of());
        assertThat(result.exit()).as(result::toString).isZero();
        return result.out();
    }
}
