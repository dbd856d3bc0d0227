package dev.gantry.e2e.api;

import static dev.gantry.e2e.api.SchemaCheck.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.e2e.Command;
import dev.gantry.e2e.Repository;
import dev.gantry.e2e.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What `gantry runtime` writes is what the OCI runtime specification's own schemas demand.
class RuntimeDocumentsIT {
    private static final String DIRECTORY = "shared/specs/runtime";

    private static Path schemas() {
        for (Path above = Repository.root().getParent(); above != null; above = above.getParent()) {
            if (Files.isDirectory(above.resolve(DIRECTORY))) {
                return above.resolve(DIRECTORY);
            }
        }
        return Path.of("/nowhere");
    }

    /// The schemas refer to each other's files; here all definitions are in one table.
    private static Map<String, Object> read(Path file) throws IOException {
        String text = Files.readString(file)
                .replace("features-linux.json#/linux", "#/definitions/featuresLinux")
                .replaceAll("\"(?:defs|defs-linux)\\.json#/definitions/", "\"#/definitions/");
        return map(new JsonMapper().readValue(text, Map.class));
    }

    private static SchemaCheck check(Path schemas) throws IOException {
        Map<String, Object> definitions = new LinkedHashMap<>();
        definitions.putAll(map(read(schemas.resolve("defs.json")).get("definitions")));
        definitions.putAll(map(read(schemas.resolve("defs-linux.json")).get("definitions")));
        definitions.put(
                "featuresLinux", read(schemas.resolve("features-linux.json")).get("linux"));
        return new SchemaCheck(definitions);
    }

    @Test
    void featuresFollowTheirSchema() throws IOException {
        Path schemas = schemas();
        assumeTrue(Files.isDirectory(schemas), "beside: no " + DIRECTORY + " in a directory above");
        Result result = Command.run(
                List.of(Repository.gantry().toString(), "runtime", "features"),
                Map.of("GANTRY_JAVA_HOME", System.getProperty("java.home"), "GANTRY_NO_BUILD", "1"));
        JsonNode features = new JsonMapper().readTree(result.out());

        assertThat(check(schemas).problems(features, read(schemas.resolve("features-schema.json"))))
                .isEmpty();
        assertThat(features.get("linux").get("capabilities").size()).isGreaterThan(30);
        assertThat(features.get("mountOptions").valueStream().map(JsonNode::asString))
                .contains("ro", "rro", "rbind", "rslave", "idmap", "tmpcopyup");
    }
}
