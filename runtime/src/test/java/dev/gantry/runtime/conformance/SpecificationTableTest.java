package dev.gantry.runtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.Json;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.launch.RefusedException;
import dev.gantry.runtime.scheduling.SchedulingRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// docs/conformance.md says of every property of the OCI runtime specification whether it is done, and it is true.
class SpecificationTableTest {
    private static final Path DOCUMENT = Path.of("../docs/conformance.md");
    private static final List<String> OTHER_PLATFORMS = List.of("vm", "zos", "windows", "solaris", "freebsd");

    /// The properties of the schema by their path, with an example of each.
    private static final Map<String, Object> SCHEMA = new Schema().properties();

    private enum Answer {
        DONE,
        REFUSED,
        OTHER_PLATFORM
    }

    /// The rows: what is said of each path.
    private static Map<String, Answer> table() throws IOException {
        Map<String, Answer> table = new TreeMap<>();
        List<String> lines = Files.readAllLines(DOCUMENT);
        int first = lines.indexOf("<!-- OCI runtime specification -->") + 3;
        for (String line : lines.subList(first, lines.size())) {
            if (line.equals("<!-- end -->")) {
                return table;
            }
            String[] cells = line.split("\\|", -1);
            Answer answer = Answer.valueOf(
                    cells[3].strip().toUpperCase(java.util.Locale.ROOT).replace(' ', '_'));
            String item = cells[1].strip().replace("`", "");
            table.put(item, answer);
            for (String property : cells[2].replace("`", "").split(",", -1)) {
                if (!property.isBlank()) {
                    table.putIfAbsent(item + "." + property.strip(), answer);
                }
            }
        }
        throw new AssertionError("the table has no end");
    }

    @Test
    void listsEveryPropertyOfTheSchemaAndNoOther() throws Exception {
        Set<String> properties = new TreeSet<>(SCHEMA.keySet());

        assertThat(properties).hasSizeGreaterThan(150);
        assertThat(table().keySet()).containsExactlyInAnyOrderElementsOf(properties);
    }

    @Test
    void whatIsDoneIsNotLostInReading() throws Exception {
        for (Map.Entry<String, Answer> row : table().entrySet()) {
            if (row.getValue() == Answer.DONE) {
                Spec spec = with(row.getKey());
                Node written = Node.of(Json.write(spec));
                assertThat(find(written, row.getKey())).as(row.getKey()).isTrue();
            }
        }
    }

    @Test
    void whatIsRefusedIsRefusedByItsName() throws Exception {
        Map<String, Answer> table = table();
        assertThat(table).containsValue(Answer.REFUSED);
        for (Map.Entry<String, Answer> row : table.entrySet()) {
            if (row.getValue() == Answer.REFUSED) {
                Spec spec = with(row.getKey());
                assertThatThrownBy(() -> check(spec), row.getKey())
                        .isInstanceOfSatisfying(
                                RefusedException.class,
                                refused -> assertThat(row.getKey()).startsWith(refused.item()));
            }
        }
    }

    private static void check(Spec spec) throws RefusedException {
        Support.check(spec);
        var process = spec.process();
        if (process != null) {
            var _ = SchedulingRules.ofContainer(process, spec.linux());
        }
    }

    /// The smallest specification that has a property.
    private static Spec with(String path) throws IOException {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("ociVersion", Spec.VERSION);
        document.put("process", new LinkedHashMap<>(Map.of("cwd", "/", "args", List.of("true"))));
        document.put("linux", new LinkedHashMap<>(Map.of()));
        String[] names = path.split("\\.", -1);
        document.put(names[0], merged(document.get(names[0]), SCHEMA.get(names[0])));
        Map<String, Object> pruned = prune(document, names);
        return Json.read(Json.write(pruned), Spec.class);
    }

    /// The basics of a part, and everything that the schema has in it.
    @SuppressWarnings("unchecked") // objects of a schema have strings for keys
    private static Object merged(Object base, Object example) {
        if (!(base instanceof Map<?, ?>) || !(example instanceof Map<?, ?>)) {
            return example;
        }
        Map<String, Object> all = new LinkedHashMap<>((Map<String, Object>) example);
        all.putAll((Map<String, Object>) base);
        return all;
    }

    /// Of `process` and `linux` only what is asked about: the rest is refused in part.
    @SuppressWarnings("unchecked") // objects of a schema have strings for keys
    private static Map<String, Object> prune(Map<String, Object> document, String... names) {
        if (names.length > 1 && document.get(names[0]) instanceof Map<?, ?> part) {
            Map<String, Object> kept = new LinkedHashMap<>();
            for (String name : List.of(names[1], "cwd", "args")) {
                if (part.containsKey(name)) {
                    kept.put(name, ((Map<String, Object>) part).get(name));
                }
            }
            document.put(names[0], kept);
            if (names.length > 2 && kept.get(names[1]) instanceof Map<?, ?> inner && inner.containsKey(names[2])) {
                kept.put(names[1], Map.of(names[2], inner.get(names[2])));
            }
        }
        return document;
    }

    private static boolean find(Node node, String path) {
        Node here = node;
        for (String name : path.split("\\.", -1)) {
            while (here.isArray()) {
                here = here.get(0);
            }
            if (!here.has(name) && here.has("example")) {
                here = here.get("example");
            }
            if (!here.has(name)) {
                return false;
            }
            here = here.get(name);
        }
        return true;
    }

    /// A JSON value.
    private record Node(Object value) {
        static Node of(byte[] document) throws IOException {
            return new Node(Json.read(document, Map.class));
        }

        boolean isObject() {
            return value instanceof Map;
        }

        boolean isArray() {
            return value instanceof List;
        }

        @SuppressWarnings("unchecked") // objects of JSON have strings for keys
        Map<String, Object> map() {
            return (Map<String, Object>) value;
        }

        List<?> list() {
            return (List<?>) value;
        }

        String text() {
            return String.valueOf(value);
        }

        boolean has(String name) {
            return isObject() && map().containsKey(name);
        }

        Node get(String name) {
            return new Node(Objects.requireNonNull(map().get(name), name));
        }

        Node get(int index) {
            return new Node(list().get(index));
        }

        /// What a JSON pointer leads to.
        Node at(String pointer) {
            Node here = this;
            for (String name : pointer.substring(1).split("/", -1)) {
                here = here.get(name);
            }
            return here;
        }
    }

    /// Walks the JSON schema.
    private static final class Schema {
        private final Map<String, Node> documents = new TreeMap<>();
        private final Map<String, Object> found = new TreeMap<>();

        Map<String, Object> properties() {
            object("config-schema.json", document("config-schema.json"), "");
            return found;
        }

        private Node document(String name) {
            return documents.computeIfAbsent(name, _ -> {
                try (var in = Objects.requireNonNull(SpecificationTableTest.class.getResourceAsStream(name), name)) {
                    return Node.of(in.readAllBytes());
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
        }

        /// What stands behind a reference, and the document that it is in.
        private record Place(String document, Node node) {}

        private Place resolve(String document, Node node) {
            Place place = new Place(document, node);
            while (place.node().has("$ref")) {
                String[] reference = place.node().get("$ref").text().split("#", 2);
                String other = reference[0].isEmpty() ? place.document() : reference[0];
                place = new Place(
                        other,
                        reference.length < 2 || reference[1].isEmpty()
                                ? document(other)
                                : document(other).at(reference[1]));
            }
            return place;
        }

        /// An example of a value, with all that it can contain.
        private Object example(String document, Node node, String path) {
            Place place = resolve(document, node);
            Node schema = place.node();
            if (schema.has("anyOf")) {
                return example(place.document(), schema.get("anyOf").get(0), path);
            } else if (schema.has("enum")) {
                return String.valueOf(schema.get("enum").list().getLast());
            }
            String type = schema.has("type") ? schema.get("type").text() : "object";
            return switch (type) {
                case "object" -> object(place.document(), schema, path);
                case "array" -> List.of(example(place.document(), schema.get("items"), path));
                case "string" -> "example";
                case "boolean" -> true;
                default -> 1;
            };
        }

        private Map<String, Object> object(String document, Node schema, String path) {
            Map<String, Object> example = new LinkedHashMap<>();
            for (Node part : parts(schema)) {
                Place place = resolve(document, part);
                if (!place.node().equals(schema)) {
                    example.putAll(object(place.document(), place.node(), path));
                }
            }
            if (schema.has("properties")) {
                schema.get("properties").map().forEach((key, property) -> {
                    String name = path.isEmpty() ? key : path + "." + key;
                    Object value = OTHER_PLATFORMS.contains(name)
                            ? Map.of("example", "example")
                            : example(document, new Node(property), name);
                    found.put(name, value);
                    example.put(key, value);
                });
            }
            if (schema.has("additionalProperties")
                    && schema.get("additionalProperties").isObject()) {
                example.put("example", example(document, schema.get("additionalProperties"), path));
            }
            if (schema.has("patternProperties")) {
                schema.get("patternProperties")
                        .map()
                        .values()
                        .forEach(each -> example.put("example", example(document, new Node(each), path)));
            }
            return example;
        }

        private static List<Node> parts(Node schema) {
            List<Node> parts = new ArrayList<>();
            for (String combination : List.of("allOf", "anyOf")) {
                if (schema.has(combination)) {
                    schema.get(combination).list().forEach(each -> parts.add(new Node(each)));
                }
            }
            return parts;
        }
    }
}
