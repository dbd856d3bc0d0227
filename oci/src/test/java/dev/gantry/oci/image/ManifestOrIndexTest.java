package dev.gantry.oci.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.Digest;
import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestOrIndexTest {
    private static final Descriptor CONFIG = Descriptor.of(MediaType.OCI_CONFIG, Digest.of(new byte[1]), 1);
    private static final Descriptor LAYER = Descriptor.of(MediaType.OCI_LAYER, Digest.of(new byte[2]), 2);

    private static byte[] bytes(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void readsWhatItWrites() throws MalformedException {
        Manifest manifest = Manifest.of(CONFIG, List.of(LAYER));
        assertThat(ManifestOrIndex.parse(Json.write(manifest), MediaType.OCI_MANIFEST))
                .isEqualTo(manifest);
        Index index = Index.of(List.of(Descriptor.of(MediaType.OCI_MANIFEST, Json.write(manifest))));
        assertThat(ManifestOrIndex.parse(Json.write(index), null)).isEqualTo(index);
    }

    @Test
    void takesTheTypeFromOutsideIfTheDocumentStatesNone() throws MalformedException {
        byte[] document = bytes("{'schemaVersion':2,'manifests':[]}");
        assertThat(ManifestOrIndex.parse(document, MediaType.DOCKER_INDEX)).isInstanceOf(Index.class);
        assertThat(ManifestOrIndex.parse(document, null)).isInstanceOf(Index.class);
    }

    // CVE-2021-41190: one digest, two meanings
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'schemaVersion':2,'config':{},'manifests':[]}",
                "{'schemaVersion':2,'layers':[],'manifests':[]}",
                "{'schemaVersion':2,'mediaType':'application/vnd.oci.image.index.v1+json','config':{},'layers':[]}",
                "{'schemaVersion':2,'mediaType':'application/vnd.oci.image.manifest.v1+json','manifests':[]}",
                "{'schemaVersion':2,'mediaType':7,'manifests':[]}",
                "{'schemaVersion':2,'mediaType':'','manifests':[]}",
                "{'schemaVersion':2,'mediaType':'text/plain','manifests':[]}",
                "{'schemaVersion':1,'manifests':[]}",
                "{'schemaVersion':2,'fsLayers':[],'config':{},'layers':[]}",
                "{'schemaVersion':2,'manifests':[],'manifests':[]}",
                "{'schemaVersion':2,'layers':[]}",
                "{'schemaVersion':2,'config':{},'layers':[]}",
                "{'schemaVersion':2,'manifests':[null]}",
                "{'manifests':[]}",
                "[]",
                "{}"
            })
    void refusesAmbiguousDocuments(String text) {
        assertThatThrownBy(() -> ManifestOrIndex.parse(bytes(text), null)).isInstanceOf(MalformedException.class);
    }

    @Test
    void refusesADocumentThatArrivesAsSomethingElse() {
        byte[] document = Json.write(Manifest.of(CONFIG, List.of()));
        assertThatThrownBy(() -> ManifestOrIndex.parse(document, MediaType.DOCKER_MANIFEST))
                .hasMessageContaining("got it as");
        assertThatThrownBy(() ->
                        ManifestOrIndex.parse(bytes("{'schemaVersion':2,'manifests':[]}"), MediaType.OCI_MANIFEST))
                .hasMessageContaining("has not its properties");
    }

    @Test
    void boundsTheSize() {
        assertThatThrownBy(() -> ManifestOrIndex.parse(new byte[ManifestOrIndex.MAX_SIZE + 1], null))
                .hasMessageContaining("limit 4194304");
    }

    @Test
    void anEmptyTextIsNone() throws MalformedException {
        Descriptor descriptor = Json.read("""
                {"mediaType":"a/b","digest":"sha256:%s","size":0,"data":"","artifactType":""}
                """.formatted("0".repeat(64)), Descriptor.class);
        assertThat(descriptor).isEqualTo(Json.read(Json.write(descriptor), Descriptor.class));
        assertThat(descriptor.data()).isNull();
        assertThat(Json.read("{\"User\":\"\",\"StopSignal\":\"\"}", Execution.class))
                .isEqualTo(Execution.empty());
    }
}
