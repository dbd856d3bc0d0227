package dev.gantry.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.MalformedException;
import dev.gantry.store.archive.ImageLoad;
import dev.gantry.store.archive.ImageLoad.Loaded;
import dev.gantry.store.archive.ImageSave;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Archives of images: written for other tools, and read from them and from attackers.
class ImageArchivesIT extends StoreFixture {
    private static final String NAME = "thing:1";

    private Image imported(ImageStore store, String compressor) throws Exception {
        shell("mkdir in && echo hello > in/f && ln in/f in/g && chown 7:8 in/f && tar -cf l.tar -C in . && rm -r in && "
                + compressor + " < l.tar > l");
        return importFile(store, "l", NAME, "CMD [\"/f\"]");
    }

    private Path save(ImageStore store, String file, String... names) throws Exception {
        List<ImageSave.Selected> selected = new ArrayList<>();
        for (String each : names) {
            selected.add(new ImageSave.Selected(store.find(each).orElseThrow(), List.of(name(each))));
        }
        Path archive = scratch.resolve(file);
        try (ImageSave save = ImageSave.of(store, selected);
                OutputStream out = Files.newOutputStream(archive)) {
            save.writeTo(out);
        }
        return archive;
    }

    /// As a pipe: nothing can be read twice.
    private static List<Loaded> load(ImageStore store, Path archive) throws Exception {
        try (InputStream in = new FilterInputStream(Files.newInputStream(archive)) {
            @Override
            public boolean markSupported() {
                return false;
            }
        }) {
            return new ImageLoad(store, List.of(), (_, _, _) -> {}).run(in);
        }
    }

    private ImageStore other() throws IOException {
        return ImageStore.open(scratch.resolve("other"));
    }

    private static void requireEmpty(ImageStore store) throws IOException {
        assertThat(store.repair().check()).isEqualTo(new StoreReport(List.of(), 0, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cat", "gzip", "zstd", "xz"})
    void anArchiveBringsTheSameImage(String compressor) throws Exception {
        ImageStore store = ImageStore.open(root);
        Image image = imported(store, compressor);
        Path archive = save(store, "a.tar", NAME);
        ImageStore other = other();
        List<Loaded> loaded = load(other, archive);
        assertThat(loaded)
                .singleElement()
                .satisfies(each -> assertThat(each.names()).containsExactly(name(NAME)));
        Image came = other.find(NAME).orElseThrow();
        assertThat(came.id()).isEqualTo(image.id());
        assertThat(came.manifest()).isEqualTo(image.manifest());
        assertThat(Tools.describe(came.layerTrees().getFirst()))
                .isEqualTo(Tools.describe(image.layerTrees().getFirst()));
        assertThat(other.repair().check().damages()).isEmpty();
        assertThat(other.repair().verify()).isEmpty();
        assertThat(Files.readAllBytes(save(other, "b.tar", NAME))).isEqualTo(Files.readAllBytes(archive));
    }

    @Test
    void layersMayComeBeforeTheirDocuments() throws Exception {
        ImageStore store = ImageStore.open(root);
        Image image = imported(store, "gzip");
        save(store, "a.tar", NAME);
        shell(
                "mkdir x && tar -xf a.tar -C x && cd x && tar -cf ../late.tar $(find . -type f -size +0 -printf '%s %p\\n'"
                        + " | sort -n | cut -d' ' -f2 | grep blobs) index.json manifest.json oci-layout");
        assertThat(load(other(), scratch.resolve("late.tar")).getFirst().image().id())
                .isEqualTo(image.id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "bzip2", "xz", "zstd -q"})
    void anArchiveMayBeCompressed(String compressor) throws Exception {
        ImageStore store = ImageStore.open(root);
        Image image = imported(store, "gzip");
        save(store, "a.tar", NAME);
        shell(compressor + " < a.tar > a");
        assertThat(load(other(), scratch.resolve("a")).getFirst().image().id()).isEqualTo(image.id());
    }

    @ParameterizedTest
    @CsvSource({
        "docker-archive,cat",
        "oci-archive,cat",
        "docker-archive,gzip",
        "oci-archive,gzip",
        "docker-archive,zstd"
    })
    void skopeoReadsWhatIsWrittenAndWritesWhatIsRead(String format, String compressor) throws Exception {
        ImageStore store = ImageStore.open(root);
        Image image = imported(store, compressor);
        save(store, "a.tar", NAME);
        String name = format.equals("docker-archive") ? ":docker.io/library/thing:1" : ":1";
        shell("skopeo --insecure-policy copy -q %s:a.tar%s %s:b.tar:docker.io/library/thing:1"
                .formatted(format, name, format));
        ImageStore other = other();
        List<Loaded> loaded = load(other, scratch.resolve("b.tar"));
        assertThat(loaded).singleElement().satisfies(each -> {
            assertThat(each.names()).containsExactly(name(NAME));
            assertThat(each.image().config().config().cmd()).containsExactly("/f");
            assertThat(Tools.describe(each.image().layerTrees().getFirst()))
                    .isEqualTo(Tools.describe(image.layerTrees().getFirst()));
        });
        assertThat(other.repair().verify()).isEmpty();
        assertThat(other.repair().check().damages()).isEmpty();
    }

    @Test
    void anArchiveHasSeveralImagesAndNames() throws Exception {
        ImageStore store = ImageStore.open(root);
        imported(store, "gzip");
        shell("mkdir in && echo two > in/two && tar -cf two.tar -C in .");
        Image second = importFile(store, "two.tar", "second");
        store.tag(second, name("host.test:5000/third:x"));
        Path archive = scratch.resolve("a.tar");
        try (ImageSave save = ImageSave.of(
                        store,
                        List.of(
                                new ImageSave.Selected(store.find(NAME).orElseThrow(), List.of()),
                                new ImageSave.Selected(
                                        second, List.of(name("second"), name("host.test:5000/third:x")))));
                OutputStream out = Files.newOutputStream(archive)) {
            save.writeTo(out);
        }
        ImageStore other = other();
        assertThat(load(other, archive)).hasSize(2);
        assertThat(other.list()).hasSize(2);
        assertThat(other.find("host.test:5000/third:x")).map(Image::id).contains(second.id());
        assertThat(other.find(NAME)).isEmpty();
        assertThat(shell("tar -xOf a.tar repositories"))
                .contains("\"host.test:5000/third\":{\"x\":", "\"second\":{\"latest\":");
    }

    /// What is here already is not read again, whatever the archive has in its place.
    @Test
    void aKnownBlobIsNotReadAgain() throws Exception {
        ImageStore store = ImageStore.open(root);
        Image image = imported(store, "gzip");
        Path archive = save(store, "a.tar", NAME);
        store.untag(name(NAME));
        assertThat(load(store, archive).getFirst().image().id()).isEqualTo(image.id());
        assertThat(store.find(NAME)).isPresent();
        assertThat(store.repair().check().damages()).isEmpty();
    }

    /// Docker's archives before version 25: a directory for each layer, and links where a layer comes twice.
    private String dockerArchive(String change) throws Exception {
        shell("mkdir -p in a/one a/two && echo hello > in/f && tar -cf a/one/layer.tar -C in . && rm -r in");
        shell("d=$(sha256sum a/one/layer.tar | cut -c-64) && printf '%s' '{\"os\":\"linux\",\"architecture\":\"amd64\","
                + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:'$d'\",\"sha256:'$d'\"]}}' > a/config.json");
        shell("ln -s ../one/layer.tar a/two/layer.tar && echo 1.0 > a/one/VERSION && echo '{}' > a/one/json");
        shell("printf '%s' '[{\"Config\":\"config.json\",\"RepoTags\":[\"thing:1\"],"
                + "\"Layers\":[\"one/layer.tar\",\"two/layer.tar\"]}]' > a/manifest.json");
        return shell(change + " && if [ ! -e a.tar ]; then tar -cf a.tar -C a .; fi");
    }

    @Test
    void readsDockersOlderArchives() throws Exception {
        dockerArchive("true");
        ImageStore store = ImageStore.open(root);
        Image image = load(store, scratch.resolve("a.tar")).getFirst().image();
        assertThat(image.layers()).hasSize(2);
        assertThat(image.tags()).containsExactly(name(NAME));
        assertThat(store.repair().verify()).isEmpty();
        assertThat(store.repair().check().damages()).isEmpty();
    }

    /// Names of members never are names on this host, and nothing is believed that has not arrived: GHSA-5qgp,
    /// CVE-2025-11395.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sed -i s,two/layer.tar,../../etc/passwd, a/manifest.json | leads out",
                "sed -i s,config.json,/etc/passwd, a/manifest.json | no member",
                "rm a/two/layer.tar && ln -s /etc/passwd a/two/layer.tar | which is outside",
                "rm a/two/layer.tar && ln -s ../../../etc/passwd a/two/layer.tar | leads out",
                "rm a/two/layer.tar && ln -s layer.tar a/two/layer.tar | too many links",
                "rm a/two/layer.tar | no member \"two/layer.tar\"",
                "rm a/config.json | no member \"config.json\"",
                "rm a/manifest.json | neither index.json nor manifest.json",
                "echo x > a/two/x && rm a/two/layer.tar && tar -cf a/two/layer.tar a/two/x | is the layer sha256:",
                "rm a/two/layer.tar && cp a/config.json a/two/layer.tar | is no layer",
                "cp a/one/layer.tar a/config.json | is no document",
                "echo x > a/config.json | invalid JSON",
                "sed -i s,thing:1,UPPER:1, a/manifest.json | invalid reference format",
                "sed -i s,thing:1,thing, a/manifest.json | invalid tag",
                "tar -cf a.tar -C a . && tar -rf a.tar -C a ./config.json | two members of the name \"config.json\"",
                "tar -cf a.tar -C a . && tar --transform s,^,../x/, -Prf a.tar a/one/VERSION | leads out",
                "tar -cf a.tar -C a . && truncate -s 3000 a.tar | ends",
                "head -c 5000 /dev/urandom > a.tar | checksum",
                "gzip -c a/one/layer.tar > l.gz && head -c 100 l.gz > a/one/layer.tar | end",
            })
    void refusesWhatIsNotWhole(String change, String message) throws Exception {
        dockerArchive(change);
        ImageStore store = ImageStore.open(root);
        assertThatThrownBy(() -> load(store, scratch.resolve("a.tar")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message);
        requireEmpty(store);
        assertThat(ImageStore.open(root).list()).isEmpty();
    }

    @Test
    void refusesDocumentsThatAreNotWhatTheirNamesSay() throws Exception {
        ImageStore store = ImageStore.open(root);
        Image image = imported(store, "gzip");
        save(store, "a.tar", NAME);
        String config = "x/blobs/sha256/" + image.id().hex();
        shell("mkdir x && tar -xf a.tar -C x && sed -i s,linux,Linux, " + config + " && tar -cf b.tar -C x .");
        ImageStore other = other();
        assertThatThrownBy(() -> load(other, scratch.resolve("b.tar")))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("has the digest");
        requireEmpty(other);
    }

    @Test
    void documentsAreBounded() throws Exception {
        dockerArchive("for i in 1 2 3 4 5; do head -c 15000000 /dev/zero | tr '\\0' x > a/$i; done");
        assertThatThrownBy(() -> load(ImageStore.open(root), scratch.resolve("a.tar")))
                .hasMessageContaining("bytes of documents");
    }

    @Test
    void anArchiveThatBreaksOffLeavesNothing() throws Exception {
        ImageStore store = ImageStore.open(root);
        imported(store, "gzip");
        Path archive = save(store, "a.tar", NAME);
        ImageStore other = other();
        for (long length : new long[] {0, 100, 2000, Files.size(archive) - 1500}) {
            shell("head -c %d a.tar > cut.tar".formatted(length));
            assertThatThrownBy(() -> load(other, scratch.resolve("cut.tar"))).isInstanceOf(IOException.class);
            requireEmpty(other);
        }
    }
}
