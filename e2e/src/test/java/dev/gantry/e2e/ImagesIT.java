package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// `import`, `images`, `tag`, `rmi`.
@EverySetup
class ImagesIT extends EndToEnd {
    @Test
    void areImportedFromATarOnStandardInput() throws IOException {
        String id = imported(tar("one"), "small:plain");
        assertThat(id).matches("sha256:[0-9a-f]{64}");
        assertThat(ok("images", "--no-trunc", "-q", "small")).isEqualTo(id);
        assertThat(ok("images", "-q", "small:plain")).isEqualTo(id.substring(7, 19));
        ok("rmi", "small:plain");
        assertThat(ok("images", "-q", "small")).isEmpty();
    }

    @Test
    void areImportedFromACompressedFile() throws IOException {
        Path file = setup.daemon().directory().resolve(newName() + ".tar.gz");
        try (var gzip = new GZIPOutputStream(Files.newOutputStream(file))) {
            tar("two").transferTo(gzip);
        }
        ok("import", file.toString(), "small:gz");
        Files.delete(file);
        assertThat(imported(tar("two"), "small:plain")).isNotEmpty();
        // the same layer, compressed or not
        assertThat(ok("image", "inspect", "-f", "{{json .RootFS.Layers}}", "small:gz"))
                .isEqualTo(ok("image", "inspect", "-f", "{{json .RootFS.Layers}}", "small:plain"));
        ok("rmi", "small:gz", "small:plain");
    }

    @Test
    void takeChangesAtTheImport() throws IOException {
        Result result = setup.client()
                .callWithInput(
                        BusyboxImage.tar(),
                        "import",
                        "-m",
                        "a message",
                        "-c",
                        "CMD [\"sh\", \"-c\", \"echo $GREETING from $(pwd) as $(id -un)\"]",
                        "-c",
                        "ENV GREETING=hello",
                        "-c",
                        "WORKDIR /var",
                        "-c",
                        "USER www-data",
                        "-c",
                        "LABEL color=red",
                        "-",
                        "changed");
        assertThat(result.exit()).as(result::toString).isZero();
        assertThat(ok("run", "--rm", "changed")).isEqualTo("hello from /var as www-data");
        JsonNode image = json(ok("image", "inspect", "changed")).get(0);
        assertThat(image.at("/Config/Labels/color").asString()).isEqualTo("red");
        assertThat(image.at("/Comment").asString()).isEqualTo("a message");
        ok("rmi", "changed");
    }

    @Test
    void haveAsManyNamesAsTheyAreGiven() throws IOException {
        String id = imported(tar("three"), "small:a");
        ok("tag", "small:a", "small:b");
        assertThat(ok("images", "--format", "{{.Repository}}:{{.Tag}}", "small").lines())
                .containsExactlyInAnyOrder("small:a", "small:b");
        assertThat(ok("rmi", "small:a")).isEqualTo("Untagged: small:a");
        assertThat(ok("rmi", "small:b")).contains("Untagged: small:b", "Deleted: " + id);
        assertThat(fails(1, "rmi", "small:b")).contains("No such image: small:b");
    }

    @Test
    void areShownInATable() throws IOException {
        assertThat(ok("images", IMAGE).lines().findFirst().orElseThrow())
                .matches("REPOSITORY +TAG +IMAGE ID +CREATED +SIZE");
        assertThat(ok("images", IMAGE).lines().skip(1))
                .singleElement()
                .satisfies(line -> assertThat(line).matches("busybox +latest +[0-9a-f]{12} +.* ago +\\d\\.?\\d*MB"));
        assertThat(ok("images", "--format", "{{.Size}}", IMAGE)).endsWith("MB");
    }

    @Test
    void stayWhileAContainerUsesThem() throws IOException {
        String id = imported(BusyboxImage.tar(), "used");
        String name = newName();
        ok("run", "-d", "--name", name, "used", "sleep", "60");
        assertThat(fails(1, "rmi", "-f", id)).contains("image is being used by running container");
        ok("stop", "-t", "0", name);
        assertThat(fails(1, "rmi", "used")).containsIgnoringCase("is using its referenced image");
        ok("rm", name);
        ok("rmi", "used");
    }

    @Test
    void areRefusedWhenTheyAreNoTar() throws IOException {
        Result result = setup.client().callWithInput(bytes("this is no tar archive"), "import", "-", "small:bad");
        assertThat(result.exit()).as(result::toString).isEqualTo(1);
        assertThat(ok("images", "-q", "small")).isEmpty();
    }

    private String imported(InputStream tar, String name) throws IOException {
        Result result = setup.client().callWithInput(tar, "import", "-", name);
        assertThat(result.exit()).as(result::toString).isZero();
        return result.out().strip();
    }

    private static InputStream tar(String content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            BusyboxImage.file(tar, "file", 0644, content.getBytes(StandardCharsets.UTF_8));
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }
}
