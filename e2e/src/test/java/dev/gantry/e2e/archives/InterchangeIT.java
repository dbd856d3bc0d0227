package dev.gantry.e2e.archives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.e2e.BusyboxImage;
import dev.gantry.e2e.Client;
import dev.gantry.e2e.ClientKind;
import dev.gantry.e2e.Command;
import dev.gantry.e2e.DaemonKind;
import dev.gantry.e2e.DaemonUnderTest;
import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.GantryOnly;
import dev.gantry.e2e.Result;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Archives between Gantry and others: the same images with the same files at the other end, and back.
/// The layer of each image is compressed otherwise.
@GantryOnly
class InterchangeIT extends EndToEnd {
    private static final List<String> COMPRESSORS = List.of("cat", "gzip", "zstd");
    private static final String FILES = "find / -xdev ! -path '/dev*' ! -path '/proc*' ! -path '/sys*' ! -path '/etc*'"
            + " ! -path /run ! -path /.dockerenv ! -path / -exec stat -c '%n %F %a %u:%g %s %Y' {} + | sort; sha256sum /bin/busybox";

    @TempDir
    private Path directory;

    @BeforeEach
    void makeImages() throws IOException {
        for (String compressor : COMPRESSORS) {
            try (InputStream content = BusyboxImage.tar(Map.of(compressor, new byte[] {1}))) {
                Files.copy(content, directory.resolve("plain-" + compressor));
            }
            ok(setup.client()
                    .script("%s < %s/plain-%s | $client import -c 'ENV A=b' - sent:%s"
                            .formatted(compressor, directory, compressor, compressor)));
        }
    }

    @AfterEach
    void removeThem() throws IOException {
        Result _ = setup.client().script("$client images -q sent | xargs -r $client rmi -f");
    }

    private static String ok(Result result) {
        assertThat(result.exit()).as(result::toString).isZero();
        return result.out().strip();
    }

    private Path archive(String name) {
        return directory.resolve(name);
    }

    /// What there is of each image: its ID, its configuration and its files, a line each.
    private static List<String> contents(Client client) throws IOException {
        List<String> contents = new ArrayList<>();
        for (String each : COMPRESSORS) {
            String image = "sent:" + each;
            String known =
                    ok(client.call("image", "inspect", "-f", "{{.Id}}\n{{.Config.Env}}\n{{.RootFS.Layers}}", image));
            String files = ok(client.call("run", "--rm", "--network", "none", image, "sh", "-c", FILES));
            Stream.concat(known.lines(), files.lines())
                    .map(line -> image + " " + line)
                    .forEach(contents::add);
        }
        return contents;
    }

    /// Only what differs is told: there are hundreds of files.
    private static void same(List<String> contents, List<String> sent) {
        assertThat(without(contents, sent)).as("what only the other end has").isEmpty();
        assertThat(without(sent, contents)).as("what the other end lacks").isEmpty();
    }

    private static List<String> without(List<String> these, List<String> those) {
        return these.stream().filter(line -> !those.contains(line)).toList();
    }

    @Test
    void toDockerdAndBack() throws IOException {
        assumeTrue(DaemonKind.DOCKERD.installed(), "dockerd is not installed");
        Client gantry = setup.client();
        List<String> sent = contents(gantry);
        ok(gantry.call("save", "-o", archive("a.tar").toString(), "sent"));
        try (DaemonUnderTest daemon = DaemonUnderTest.start(DaemonKind.DOCKERD)) {
            Client dockerd = new Client(ClientKind.DOCKER, daemon);
            ok(dockerd.call("load", "-i", archive("a.tar").toString()));
            same(contents(dockerd), sent);
            ok(dockerd.call("save", "-o", archive("b.tar").toString(), "sent"));
        }
        removeThem();
        ok(gantry.call("load", "-i", archive("b.tar").toString()));
        same(contents(gantry), sent);
    }

    @Test
    void toPodmanAndBack() throws IOException {
        // podman takes no longer path than 50 characters
        Path run = Files.createTempDirectory(Path.of("/tmp"), "podman");
        String podman = "podman --storage-driver vfs --root %s/root --runroot %s".formatted(directory, run);
        assumeTrue(
                Command.run(List.of("bash", "-c", "command -v podman"), Map.of())
                                .exit()
                        == 0,
                "podman is not installed");
        Client gantry = setup.client();
        List<String> sent = contents(gantry);
        ok(gantry.call("save", "-o", archive("a.tar").toString(), "sent"));
        try {
            ok(gantry.script("set -e; cd %s; P='%s'; $P load -q -i a.tar; for t in %s; do $P tag localhost/sent:$t"
                            .formatted(directory, podman, String.join(" ", COMPRESSORS))
                    + " docker.io/library/sent:$t; done; $P save -q -m --format docker-archive -o d.tar"
                    + " docker.io/library/sent:cat docker.io/library/sent:gzip; $P save -q --format oci-archive -o o.tar"
                    + " docker.io/library/sent:zstd"));
            removeThem();
            ok(gantry.call("load", "-i", archive("d.tar").toString()));
            ok(gantry.call("load", "-i", archive("o.tar").toString()));
            same(contents(gantry), sent);
        } finally {
            Result _ = gantry.script(podman + " rmi -af; rm -rf " + run);
        }
    }
}
