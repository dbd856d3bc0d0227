package dev.gantry.e2e.archives;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.BusyboxImage;
import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EverySetup;
import dev.gantry.e2e.PtyCommand;
import dev.gantry.e2e.Result;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `save` and `load`.
@EverySetup
class SaveLoadIT extends EndToEnd {
    @TempDir
    private Path directory;

    private String id = "";

    @BeforeEach
    void makeAnImage() throws IOException {
        try (InputStream tar = BusyboxImage.tar(Map.of("one", "first\n".getBytes(StandardCharsets.US_ASCII)))) {
            id = setup.client()
                    .callWithInput(tar, "import", "-c", "CMD [\"cat\",\"/one\"]", "-", "saved:1")
                    .out()
                    .strip();
        }
        ok("tag", "saved:1", "saved:2");
    }

    @AfterEach
    void removeIt() throws IOException {
        Result _ = call("rmi", "-f", "saved:1", "saved:2", id);
    }

    private String archive() {
        return directory.resolve("a.tar").toString();
    }

    private JsonNode image(String name) throws IOException {
        return json(ok("image", "inspect", name)).get(0);
    }

    @Test
    void anImageComesBackFromAFile() throws IOException {
        JsonNode before = image("saved:1");
        assertThat(ok("save", "-o", archive(), "saved:1")).isEmpty();
        ok("rmi", "-f", id);
        assertThat(ok("load", "-i", archive())).isEqualTo("Loaded image: saved:1");
        JsonNode after = image("saved:1");
        assertThat(after.path("Id")).isEqualTo(before.path("Id"));
        assertThat(after.path("Config")).isEqualTo(before.path("Config"));
        assertThat(after.path("RootFS")).isEqualTo(before.path("RootFS"));
        assertThat(after.path("RepoTags").toString()).isEqualTo("[\"saved:1\"]");
        assertThat(ok("run", "--rm", "saved:1")).isEqualTo("first");
        // once more, over what is there
        assertThat(ok("image", "load", "-q", "--input", archive())).isEqualTo("Loaded image: saved:1");
    }

    @Test
    void anImageComesBackThroughAPipe() throws IOException {
        ByteArrayOutputStream saved = new ByteArrayOutputStream();
        Result result =
                setup.client().pipe(InputStream.nullInputStream(), saved, "image", "save", "saved:1", "saved:2");
        assertThat(result.exit()).as(result::toString).isZero();
        ok("rmi", "-f", id);
        Result loaded = setup.client().callWithInput(new ByteArrayInputStream(saved.toByteArray()), "load");
        assertThat(loaded.exit()).as(loaded::toString).isZero();
        assertThat(loaded.out().lines()).containsExactlyInAnyOrder("Loaded image: saved:1", "Loaded image: saved:2");
        assertThat(image("saved:2").path("Id").asString()).isEqualTo(id);
    }

    @Test
    void anIdHasNoNameAndARepositoryAllOfThem() throws IOException {
        ok("save", "-o", archive(), id);
        String all = directory.resolve("all.tar").toString();
        ok("save", "-o", all, "saved");
        ok("rmi", "-f", id);
        assertThat(ok("load", "-i", archive())).isEqualTo("Loaded image ID: " + id);
        assertThat(ok("load", "-i", all).lines())
                .containsExactlyInAnyOrder("Loaded image: saved:1", "Loaded image: saved:2");
    }

    @Test
    void aNameInUseMovesToWhatIsLoaded() throws IOException {
        ok("save", "-o", archive(), "saved:1");
        String other;
        try (InputStream tar = BusyboxImage.tar(Map.of("other", new byte[] {1}))) {
            other = setup.client()
                    .callWithInput(tar, "import", "-", "saved:1")
                    .out()
                    .strip();
        }
        assertThat(ok("load", "-i", archive()))
                .isEqualTo("The image saved:1 already exists, renaming the old one with ID " + other
                        + " to empty string\nLoaded image: saved:1");
        assertThat(image("saved:1").path("Id").asString()).isEqualTo(id);
        ok("rmi", other);
    }

    @Test
    void whatIsWrongIsTold() throws IOException {
        assertThat(fails(1, "save", "-o", archive(), "saved:1", "no-such-image"))
                .contains("rror response from daemon: ");
        assertThat(Path.of(archive())).doesNotExist();
        assertThat(fails(1, "save", "-o", directory.resolve("none/a.tar").toString(), "saved:1"))
                .startsWith("failed to save image: invalid output path: ");
        assertThat(fails(1, "save", "-o", directory.toString(), "saved:1")).startsWith("failed to save image: ");
        assertThat(fails(1, "load", "-i", archive())).isEqualTo("open " + archive() + ": no such file or directory");
        Files.writeString(Path.of(archive()), "no archive");
        fails(1, "load", "-i", archive());
        assertThat(image("saved:1").path("Id").asString()).isEqualTo(id);
    }

    @Test
    void drawsABarOnATerminal() throws IOException {
        ok("save", "-o", archive(), "saved:1");
        ok("rmi", "-f", id);
        try (PtyCommand load = setup.client().startOnTerminal("load", "-i", archive())) {
            Result result = load.await();
            assertThat(result.exit()).as(result::toString).isZero();
            assertThat(result.out()).contains(": Loading layer ").contains("Loaded image: saved:1");
        }
    }
}
