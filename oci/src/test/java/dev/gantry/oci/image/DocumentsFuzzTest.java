package dev.gantry.oci.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.fuzz.Fuzz;
import dev.gantry.fuzz.Inputs;
import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Documents that describe images: they are refused with a message, or what is written of them is read again as the
/// same, and written as the same bytes.
class DocumentsFuzzTest {
    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);
    private static final String DESCRIPTOR = """
            {"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": "%s", "size": 7, "urls": ["https://x/y"],
             "annotations": {"a": "b"}, "data": "aGk=", "platform": {"os": "linux", "architecture": "arm", "variant": "v7",
             "os.version": "1", "os.features": ["f"]}}""".formatted(DIGEST);
    private static final String MANIFEST = """
            {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "artifactType": "a/b",
             "config": %1$s, "layers": [%1$s, %1$s], "subject": %1$s, "annotations": {"c": "d"}}""".formatted(DESCRIPTOR);
    private static final String INDEX = """
            {"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.list.v2+json",
             "manifests": [%1$s, %1$s], "annotations": {"c": "d"}}""".formatted(DESCRIPTOR);
    private static final String CONFIG = """
            {"architecture": "amd64", "os": "linux", "variant": "v2", "created": "2026-01-02T03:04:05.678901234+01:00",
             "author": "me", "docker_version": "20.10", "comment": "c",
             "config": {"User": "1:2", "ExposedPorts": {"80/tcp": {}}, "Env": ["A=1"], "Entrypoint": ["/e"], "Cmd": ["c"],
               "Healthcheck": {"Test": ["CMD", "x"], "Interval": 1000000000, "Timeout": 5, "StartPeriod": 1, "Retries": 3},
               "ArgsEscaped": true, "Volumes": {"/v": {}}, "WorkingDir": "/w", "OnBuild": ["RUN x"], "Labels": {"l": "1"},
               "StopSignal": "SIGTERM", "Shell": ["/bin/sh", "-c"]},
             "rootfs": {"type": "layers", "diff_ids": ["%1$s", "%1$s"]},
             "history": [{"created": "2026-01-02T03:04:05Z", "created_by": "x", "author": "a", "comment": "c"},
               {"empty_layer": true}, {}]}""".formatted(DIGEST);

    /// A document with other bytes, or with other values.
    private static byte[] document(Inputs inputs, String valid) throws MalformedException {
        byte[] bytes = valid.getBytes(StandardCharsets.UTF_8);
        if (inputs.oneIn(3)) {
            return inputs.describe(inputs.mutate(bytes));
        }
        JsonNode root = Json.read(bytes, JsonNode.class);
        for (int changes = inputs.below(4); changes >= 0; changes--) {
            change(inputs, root);
        }
        return inputs.describe(Json.write(root));
    }

    private static void change(Inputs inputs, JsonNode root) {
        List<JsonNode> containers = new ArrayList<>();
        collect(root, containers);
        switch (inputs.pick(containers)) {
            case ObjectNode object -> {
                List<String> names = new ArrayList<>(object.propertyNames());
                names.add("extra");
                String name = inputs.pick(names);
                if (inputs.oneIn(4)) {
                    object.remove(name);
                } else {
                    object.set(inputs.oneIn(8) ? inputs.odd() : name, value(inputs, root));
                }
            }
            case ArrayNode array -> {
                if (inputs.oneIn(3) && !array.isEmpty()) {
                    array.remove(inputs.below(array.size()));
                } else {
                    array.add(value(inputs, root));
                }
            }
            default -> throw new AssertionError("neither object nor array");
        }
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainer()) {
            containers.add(node);
            node.forEach(each -> collect(each, containers));
        }
    }

    private static JsonNode value(Inputs inputs, JsonNode root) {
        var nodes = Json.mapper().getNodeFactory();
        return switch (inputs.below(9)) {
            case 0 -> nodes.nullNode();
            case 1 -> nodes.booleanNode(inputs.oneIn(2));
            case 2 -> nodes.numberNode(inputs.number());
            case 3 -> nodes.numberNode(inputs.number() / 3.0);
            case 4 -> nodes.objectNode();
            case 5 -> nodes.arrayNode();
            case 6 -> root.deepCopy();
            default -> nodes.stringNode(inputs.oneIn(2) ? inputs.odd() : inputs.mutate(DIGEST));
        };
    }

    @Test
    void manifestsAndIndexes() {
        Fuzz.run("manifests", inputs -> {
            byte[] document = document(inputs, inputs.pick(MANIFEST, INDEX));
            String type = inputs.pick(MediaType.OCI_MANIFEST, MediaType.DOCKER_INDEX, null);
            try {
                ManifestOrIndex parsed = ManifestOrIndex.parse(document, type);
                byte[] written = Json.write(parsed);
                ManifestOrIndex again = ManifestOrIndex.parse(written, null);
                assertThat(again).isEqualTo(parsed);
                assertThat(Json.write(again)).isEqualTo(written);
            } catch (MalformedException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        });
    }

    @Test
    void configurations() {
        Fuzz.run("configurations", inputs -> {
            byte[] document = document(inputs, CONFIG);
            try {
                ImageConfig parsed = ImageConfig.parse(document);
                byte[] written = Json.write(parsed);
                ImageConfig again = ImageConfig.parse(written);
                assertThat(again).isEqualTo(parsed);
                assertThat(Json.write(again)).isEqualTo(written);
            } catch (MalformedException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        });
    }

    @Test
    void changes() {
        List<String> valid = List.of(
                "CMD [\"a\", \"b\"]",
                "ENTRYPOINT exec /x $A",
                "ENV A=1 B=\"2 3\" C='4'",
                "EXPOSE 80 443/udp 1000-1010",
                "HEALTHCHECK --interval=1m30s --retries=3 CMD x",
                "LABEL a=b \"c d\"=e",
                "ONBUILD RUN x",
                "STOPSIGNAL SIGTERM",
                "USER 1:2",
                "VOLUME [\"/a\", \"/b\"]",
                "WORKDIR /a/${B:-c}");
        Fuzz.run("changes", inputs -> {
            String text = inputs.describe(inputs.mutate(inputs.pick(valid)));
            try {
                Execution changed = ConfigChange.apply(Execution.empty(), List.of(text, inputs.pick(valid)));
                byte[] written = Json.write(changed);
                assertThat(Json.read(written, Execution.class)).isEqualTo(changed);
            } catch (MalformedException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        });
    }
}
