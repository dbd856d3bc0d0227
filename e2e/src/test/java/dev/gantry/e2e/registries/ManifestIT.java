package dev.gantry.e2e.registries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.Client;
import dev.gantry.e2e.ClientKind;
import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EngineConnection;
import dev.gantry.e2e.EverySetup;
import dev.gantry.e2e.LocalRegistry;
import dev.gantry.e2e.Result;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What a registry has under a name, without pulling it: `manifest inspect`, to the byte what the stock client prints,
/// and the API's `distribution`.
@EverySetup
class ManifestIT extends EndToEnd {
    private static LocalRegistry registry;
    private static String thing;
    private static String indexDigest;

    @BeforeAll
    static void fillARegistry() throws IOException {
        registry = LocalRegistry.start();
        thing = registry.host() + "/team/thing";
        registry.add("team/thing:amd64", "amd64", Map.of("one", "first\n"));
        registry.add("team/thing:arm64", "arm64", Map.of("two", "second\n"));
        indexDigest = registry.addIndex("team/thing:both", new TreeMap<>(Map.of("amd64", "amd64", "arm64", "arm64")));
    }

    @AfterAll
    static void closeIt() throws IOException {
        registry.close();
    }

    private void printsWhatTheStockClientDoes(String... words) throws IOException {
        Result expected = new Client(ClientKind.DOCKER, setup.daemon()).call(words);
        Result result = call(words);
        assertThat(result.exit()).as(result::toString).isEqualTo(expected.exit());
        assertThat(result.out()).isEqualTo(expected.out());
        assertThat(result.err()).isEqualTo(expected.err());
    }

    @Test
    void showsTheManifestOfAnImage() throws IOException {
        printsWhatTheStockClientDoes("manifest", "inspect", "--insecure", thing + ":amd64");

        JsonNode manifest = json(ok("manifest", "inspect", "--insecure", thing + ":amd64"));
        assertThat(manifest.at("/layers").size()).isEqualTo(2);
    }

    @Test
    void showsTheImagesOfAnIndex() throws IOException {
        printsWhatTheStockClientDoes("manifest", "inspect", "--insecure", thing + ":both");
        printsWhatTheStockClientDoes("manifest", "inspect", "--insecure", thing + "@" + indexDigest);

        JsonNode index = json(ok("manifest", "inspect", "--insecure", thing + ":both"));
        assertThat(index.at("/manifests/1/platform/architecture").asString()).isEqualTo("arm64");
    }

    @Test
    void showsEachManifestWithItsBytes() throws IOException {
        printsWhatTheStockClientDoes("manifest", "inspect", "--insecure", "-v", thing + ":amd64");
        printsWhatTheStockClientDoes("manifest", "inspect", "--insecure", "-v", thing + ":both");
    }

    @Test
    void saysWhatThereIsNot() throws IOException {
        printsWhatTheStockClientDoes("manifest", "inspect", "--insecure", thing + ":none");
        assertThat(fails(1, "manifest", "inspect", "--insecure", thing + ":none"))
                .isEqualTo("no such manifest: " + thing + ":none");
        printsWhatTheStockClientDoes("manifest", "inspect", "not a name");
        printsWhatTheStockClientDoes("manifest", "inspect", "Upper");
    }

    @Test
    void isDescribedByTheDaemon() throws IOException {
        JsonNode one = api("/distribution/" + thing + ":arm64/json");
        assertThat(one.at("/Descriptor/mediaType").asString()).isEqualTo("application/vnd.oci.image.manifest.v1+json");
        assertThat(one.at("/Descriptor/digest").asString()).startsWith("sha256:");
        assertThat(one.at("/Descriptor/size").asLong()).isPositive();
        if (setup.onGantry()) { // dockerd 20.10 knows no platform of an OCI manifest
            assertThat(platforms(one)).containsExactly("linux/arm64");
        }

        JsonNode both = api("/distribution/" + thing + ":both/json");
        assertThat(both.at("/Descriptor/digest").asString()).isEqualTo(indexDigest);
        assertThat(platforms(both)).containsExactly("linux/amd64", "linux/arm64");
    }

    private static List<String> platforms(JsonNode distribution) {
        return distribution
                .at("/Platforms")
                .valueStream()
                .map(each -> each.at("/os").asString() + "/"
                        + each.at("/architecture").asString())
                .toList();
    }

    @Test
    void isRefusedByTheDaemonWhenItIsNotThere() throws IOException {
        try (EngineConnection connection = setup.daemon().connect()) {
            assertThat(connection.get("/distribution/" + thing + ":none/json").status())
                    .isEqualTo(404);
        }
    }
}
