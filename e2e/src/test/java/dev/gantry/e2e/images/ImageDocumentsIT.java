package dev.gantry.e2e.images;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.BusyboxImage;
import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EveryDaemon;
import dev.gantry.e2e.Result;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `GET /images/{name}/json` of images that were imported, committed, tagged and loaded: the same members with the
/// same values from every daemon, as the last version has it that dockerd 20.10 speaks.
@EveryDaemon
class ImageDocumentsIT extends EndToEnd {
    private static final String NEVER = "0001-01-01T00:00:00Z";
    private static final String[] NULL_WHERE_EMPTY = {"Env", "Cmd", "Volumes", "Entrypoint", "OnBuild"};

    @TempDir
    private Path directory;

    private Instant before = Instant.EPOCH;

    @BeforeEach
    void importOne() throws IOException {
        before = Instant.now();
        Result imported = setup.client().callWithInput(archive(), "import", "-", "documents:imported");
        assertThat(imported.exit()).as(imported::toString).isZero();
    }

    @AfterEach
    void removeThem() throws IOException {
        setup.daemon().removeContainers();
        Result _ = call("rmi", "-f", "documents:committed", "documents:tagged");
        Result _ = setup.client().script("$client images -q --no-trunc documents | xargs -r -n 1 $client rmi -f");
    }

    /// A file, and links of both kinds.
    private static InputStream archive() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            BusyboxImage.directory(tar, "directory", 0755);
            BusyboxImage.file(tar, "directory/file", 0644, new byte[1000]);
            BusyboxImage.link(tar, "directory/symbolic", "a/target/of/24/letters..");
            TarArchiveEntry hard = new TarArchiveEntry("directory/hard", TarConstants.LF_LINK);
            hard.setLinkName("directory/file");
            tar.putArchiveEntry(hard);
            tar.closeArchiveEntry();
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    private JsonNode image(String name) throws IOException {
        return api("/v1.41/images/documents:" + name + "/json");
    }

    private String lastTag(String name) throws IOException {
        return image(name).at("/Metadata/LastTagTime").asString();
    }

    @Test
    void ofAnImportedImage() throws IOException {
        JsonNode image = image("imported");
        assertThat(image.propertyNames())
                .containsExactlyInAnyOrder(
                        "Id",
                        "RepoTags",
                        "RepoDigests",
                        "Parent",
                        "Comment",
                        "Created",
                        "Container",
                        "ContainerConfig",
                        "DockerVersion",
                        "Author",
                        "Config",
                        "Architecture",
                        "Os",
                        "Size",
                        "VirtualSize",
                        "GraphDriver",
                        "RootFS",
                        "Metadata");
        assertThat(image.at("/RepoTags").toString()).isEqualTo("[\"documents:imported\"]");
        assertThat(image.at("/RepoDigests").toString()).isEqualTo("[]");
        assertThat(image.at("/Comment").asString()).isEqualTo("Imported from -");
        for (String empty : new String[] {"Parent", "Container", "Author"}) {
            assertThat(image.get(empty).asString()).as(empty).isEmpty();
        }
        assertThat(image.at("/Os").asString() + "/" + image.at("/Architecture").asString())
                .isEqualTo("linux/amd64");
        assertThat(Instant.parse(image.at("/Created").asString())).isBetween(before, Instant.now());
        assertThat(image.at("/Size").asLong()).isEqualTo(1000 + 24);
        assertThat(image.at("/VirtualSize")).isEqualTo(image.at("/Size"));
        assertThat(image.at("/RootFS/Type").asString()).isEqualTo("layers");
        assertThat(image.at("/RootFS/Layers")).hasSize(1);
        assertThat(image.at("/GraphDriver/Name").asString()).isEqualTo("overlay2");
        assertThat(image.at("/Config")).isEqualTo(image.at("/ContainerConfig"));
        for (String name : NULL_WHERE_EMPTY) {
            assertThat(image.at("/Config").get(name).isNull()).as(name).isTrue();
        }
        assertThat(image.at("/Config/Labels").isNull()).isTrue();
    }

    @Test
    void ofACommittedImage() throws IOException {
        ok("create", "--name", "documents", "documents:imported", "one", "two");
        ok("commit", "-a", "somebody", "-m", "a comment", "documents", "documents:committed");
        JsonNode image = image("committed");
        assertThat(image.at("/Parent")).isEqualTo(image("imported").at("/Id"));
        assertThat(image.at("/Author").asString()).isEqualTo("somebody");
        assertThat(image.at("/Comment").asString()).isEqualTo("a comment");
        assertThat(image.at("/RootFS")).isEqualTo(image("imported").at("/RootFS"));
        JsonNode config = image.at("/Config");
        assertThat(config.at("/Cmd").toString()).isEqualTo("[\"one\",\"two\"]");
        for (String name : new String[] {"Env", "Volumes", "Entrypoint", "OnBuild"}) {
            assertThat(config.get(name).isNull()).as(name).isTrue();
        }
        assertThat(config.at("/Labels").toString()).isEqualTo("{}");
    }

    @Test
    void ofAnImageThatSaysEverything() throws IOException {
        Result imported = setup.client()
                .callWithInput(
                        archive(),
                        "import",
                        "-c",
                        "ENV A=b",
                        "-c",
                        "CMD [\"x\"]",
                        "-c",
                        "ENTRYPOINT [\"/directory/file\"]",
                        "-c",
                        "VOLUME /v",
                        "-c",
                        "EXPOSE 80 53/udp",
                        "-c",
                        "LABEL l=1",
                        "-c",
                        "ONBUILD RUN x",
                        "-c",
                        "WORKDIR /directory",
                        "-c",
                        "USER nobody",
                        "-c",
                        "HEALTHCHECK --interval=2s --retries=3 CMD true",
                        "-",
                        "documents:full");
        assertThat(imported.exit()).as(imported::toString).isZero();
        assertThat(image("full").at("/Config")).isEqualTo(json("""
                {"Hostname":"","Domainname":"","User":"nobody","AttachStdin":false,"AttachStdout":false,
                 "AttachStderr":false,"ExposedPorts":{"53/udp":{},"80/tcp":{}},"Tty":false,"OpenStdin":false,
                 "StdinOnce":false,"Env":["A=b"],"Cmd":["x"],
                 "Healthcheck":{"Test":["CMD-SHELL","true"],"Interval":2000000000,"Retries":3},
                 "Image":"","Volumes":{"/v":{}},"WorkingDir":"/directory","Entrypoint":["/directory/file"],
                 "OnBuild":["RUN x"],"Labels":{"l":"1"}}"""));
    }

    /// A name that comes with an archive is not one that was given here.
    @Test
    void tellOfTheLastTag() throws IOException {
        Instant imported = Instant.parse(lastTag("imported"));
        assertThat(imported).isBetween(before, Instant.now());
        ok("tag", "documents:imported", "documents:tagged");
        String tagged = lastTag("tagged");
        assertThat(Instant.parse(tagged)).isBetween(imported, Instant.now()).isNotEqualTo(imported);
        assertThat(lastTag("imported")).isEqualTo(tagged);
        ok("rmi", "documents:tagged");
        assertThat(lastTag("imported")).isEqualTo(tagged);

        String archive = directory.resolve("a.tar").toString();
        ok("save", "-o", archive, "documents:imported");
        ok("load", "-i", archive);
        assertThat(lastTag("imported")).isEqualTo(tagged);
        ok("rmi", "documents:imported");
        ok("load", "-i", archive);
        assertThat(lastTag("imported")).isEqualTo(NEVER);
        Instant again = Instant.now();
        ok("tag", "documents:imported", "documents:tagged");
        assertThat(Instant.parse(lastTag("imported"))).isBetween(again, Instant.now());

        ok("create", "--name", "documents", "documents:imported", "one");
        String nameless = ok("commit", "documents");
        assertThat(api("/v1.41/images/" + nameless + "/json")
                        .at("/Metadata/LastTagTime")
                        .asString())
                .isEqualTo(NEVER);
        ok("rm", "documents");
        ok("rmi", nameless);
    }

    /// Of containers, too, as their configuration is made of the image's.
    @Test
    void ofAContainer() throws IOException {
        ok("create", "--name", "documents", "documents:imported", "one");
        JsonNode config = inspect("documents").at("/Config");
        for (String name : new String[] {"Env", "Volumes", "Entrypoint", "OnBuild"}) {
            assertThat(config.get(name).isNull()).as(name).isTrue();
        }
        assertThat(config.at("/Labels").toString()).isEqualTo("{}");
    }

    @Test
    void inTheList() throws IOException {
        JsonNode image = api("/v1.41/images/json?filters=%7B%22reference%22%3A%5B%22documents%3Aimported%22%5D%7D")
                .at("/0");
        assertThat(image.at("/Id")).isEqualTo(image("imported").at("/Id"));
        assertThat(image.at("/Size").asLong()).isEqualTo(1024);
        assertThat(image.at("/Labels").isNull()).as(image::toString).isTrue();
    }
}
