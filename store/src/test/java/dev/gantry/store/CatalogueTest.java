package dev.gantry.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.Platform;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.Execution;
import dev.gantry.oci.image.ImageConfig;
import dev.gantry.oci.image.Index;
import dev.gantry.oci.image.MediaType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CatalogueTest {
    /// So many that whatever looks at all for each would take minutes.
    private static final int MANY = 30_000;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static byte[] document(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static Image image(String id, String manifest) {
        ImageConfig config = ImageConfig.of(Platform.host(), Execution.empty(), List.of(), List.of());
        return Image.arrived(
                Digest.of(document(id)),
                config,
                Descriptor.of(MediaType.OCI_MANIFEST, document(manifest)),
                null,
                List.of());
    }

    private static ImageReference name(String text) throws MalformedException {
        return ImageReference.parse(text).withDefaultTag();
    }

    private static List<String> names(Optional<Image> image) {
        return image.orElseThrow().references().stream()
                .map(ImageReference::familiar)
                .toList();
    }

    @Test
    void answersQuicklyWhateverItIsAsked() {
        assertTimeoutPreemptively(PATIENCE, () -> {
            Catalogue.Draft draft = Catalogue.EMPTY.draft();
            for (int i = 0; i < MANY; i++) {
                draft.add(image("image " + i, "manifest " + i), name("image" + i));
                draft.add(image("image " + i, "manifest " + i), name("other" + i));
            }
            Catalogue catalogue = draft.finished().settled();
            assertThat(catalogue.list())
                    .hasSize(MANY)
                    .allMatch(image -> image.references().size() == 2);
            for (int i = 0; i < MANY; i++) {
                Digest id = Digest.of(document("image " + i));
                assertThat(names(catalogue.find(id)))
                        .isEqualTo(List.of("image" + i + ":latest", "other" + i + ":latest"));
                assertThat(catalogue.find(name("other" + i)).orElseThrow().id()).isEqualTo(id);
            }
        });
    }

    @Test
    void hasAnImageOnceWithTheNamesOfAllItsManifests() throws Exception {
        Image first = image("image", "first manifest");
        Image second = image("image", "second manifest").taggedAt(first.stored().plusSeconds(1));
        Catalogue catalogue =
                Catalogue.EMPTY.with(first, name("b")).with(second, name("a")).with(second, name("c"));
        assertThat(catalogue.list())
                .singleElement()
                .satisfies(image ->
                        assertThat(names(Optional.of(image))).containsExactly("a:latest", "b:latest", "c:latest"));
        assertThat(catalogue.find(first.id()).orElseThrow().manifest()).isEqualTo(second.manifest());
        assertThat(catalogue.find(name("b")).orElseThrow().manifest()).isEqualTo(first.manifest());
        assertThat(catalogue.startingWith(first.id().hex().substring(0, 6))).hasSize(1);
        assertThat(catalogue.settled().images()).hasSize(2);
        assertThat(catalogue.without(name("b")).settled().images())
                .containsOnlyKeys(second.manifest().digest());
    }

    @Test
    void tellsTheNamesOfIndexesThatMeanAnotherPlatform() throws Exception {
        Image meant = image("one", "manifest of one");
        Image other = image("two", "manifest of two");
        Index document = Index.of(List.of(meant.manifest(), other.manifest()));
        ImageIndex index = new ImageIndex(Descriptor.of(MediaType.OCI_INDEX, document("index")), document);
        Catalogue catalogue = Catalogue.EMPTY
                .with(other, name("own"))
                .with(meant.with(index, Image.Names.NONE), name("both"))
                .with(meant, name("alone"));
        assertThat(names(catalogue.find(meant.id()))).containsExactly("alone:latest", "both:latest");
        assertThat(catalogue.find(meant.id()).orElseThrow().names().others()).isEmpty();
        assertThat(names(catalogue.find(other.id()))).containsExactly("own:latest");
        assertThat(catalogue.find(other.id()).orElseThrow().names().others()).containsExactly(name("both"));
        assertThat(catalogue
                        .without(meant.id())
                        .find(name("both"))
                        .orElseThrow()
                        .id())
                .isEqualTo(other.id());
    }
}
