package dev.gantry.e2e.api;

import static dev.gantry.e2e.api.SchemaCheck.list;
import static dev.gantry.e2e.api.SchemaCheck.map;

import dev.gantry.e2e.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;

/// The Engine API's published document (OpenAPI 2, YAML). It lies beside the project and is not part of it.
final class ApiDocument {
    private static final String NAME = "shared/specs/docker-api-1.56.yaml";

    private final Map<String, Object> document;
    private final SchemaCheck check;

    private ApiDocument(Map<String, Object> document) {
        this.document = document;
        this.check = new SchemaCheck(map(document.get("definitions")));
    }

    /// The document, from `shared/specs` in a directory above this checkout; empty where there is none.
    static Optional<ApiDocument> find() throws IOException {
        for (Path above = Repository.root().getParent(); above != null; above = above.getParent()) {
            Path file = above.resolve(NAME);
            if (Files.isRegularFile(file)) {
                try (InputStream yaml = Files.newInputStream(file)) {
                    return Optional.of(parse(yaml));
                }
            }
        }
        return Optional.empty();
    }

    static ApiDocument parse(InputStream yaml) {
        var settings = LoadSettings.builder().setCodePointLimit(16 << 20).build();
        return new ApiDocument(map(new Load(settings).loadFromInputStream(yaml)));
    }

    /// What is wrong with an answer, by the document.
    ///
    /// @param path as in the document, with its variables
    /// @param body null when the answer has none, or is a stream
    List<String> problems(String method, String path, int status, @Nullable String type, @Nullable JsonNode body) {
        Map<String, Object> operation = operation(method, path);
        Map<String, Object> responses = map(operation.get("responses"));
        Object response = responses.containsKey(String.valueOf(status))
                ? responses.get(String.valueOf(status))
                : ((Map<?, ?>) responses).get(status);
        if (response == null) {
            return List.of("status " + status + " is none of " + ((Map<?, ?>) responses).keySet());
        }
        List<String> problems = new ArrayList<>();
        Map<String, Object> schema = map(map(response).get("schema"));
        if (type != null) {
            checkType(type, operation, status, problems);
        }
        if (body != null) {
            problems.addAll(check.problems(body, schema));
        } else if (!schema.isEmpty() && !"binary".equals(schema.get("format"))) {
            problems.add("a body is missing");
        }
        return problems;
    }

    private void checkType(String type, Map<String, Object> operation, int status, List<String> problems) {
        List<?> produced =
                list(operation.containsKey("produces") ? operation.get("produces") : document.get("produces"));
        String plain = type.split(";", 2)[0];
        boolean error = status >= 400 && plain.equals("application/json");
        if (!error && produced.stream().noneMatch(plain::equals)) {
            problems.add("content type " + type + " is none of " + produced);
        }
    }

    private Map<String, Object> operation(String method, String path) {
        Map<String, Object> operation =
                map(map(map(document.get("paths")).get(path)).get(method.toLowerCase(Locale.ROOT)));
        if (operation.isEmpty()) {
            throw new IllegalArgumentException("the document has no " + method + " " + path);
        }
        return operation;
    }
}
