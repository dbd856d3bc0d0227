package dev.gantry.api.http;

import dev.gantry.engine.config.ConfigJson;
import dev.gantry.oci.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;

/// JSON bodies: read strictly, bounded, once.
///
/// A key that appears twice is refused: two readers of the same bytes (a policy and the engine) must never see
/// different requests (moby CVE-2024-41110 and its relatives). `null` is a field's zero value, as for dockerd.
public final class JsonBody {
    /// More than any client sends to create a container; dockerd has no limit.
    static final int LIMIT = 4 << 20;

    private static final ObjectReader READER = ConfigJson.mapper()
            .reader()
            .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /// Fields whose members are the user's own names.
    private static final Set<String> MAPS = caseInsensitive(
            "Annotations",
            "Config",
            "DriverOpts",
            "EndpointsConfig",
            "ExposedPorts",
            "Labels",
            "Options",
            "PortBindings",
            "StorageOpt",
            "Sysctls",
            "Tmpfs",
            "Volumes");

    private JsonBody() {}

    private static Set<String> caseInsensitive(String... names) {
        Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        set.addAll(Arrays.asList(names));
        return Collections.unmodifiableSet(set);
    }

    /// JSON, followed by a newline as Go's encoder does.
    public static byte[] encode(Object value) {
        byte[] json = Json.mapper().writeValueAsBytes(value);
        byte[] line = new byte[json.length + 1];
        System.arraycopy(json, 0, line, 0, json.length);
        line[json.length] = '\n';
        return line;
    }

    static <T> T read(Exchange exchange, Class<T> type) throws IOException {
        T value = readOrNull(exchange, type);
        if (value == null) {
            throw HttpFailure.badRequest("invalid JSON: got EOF while reading request body");
        }
        return value;
    }

    static <T> @Nullable T readOrNull(Exchange exchange, Class<T> type) throws IOException {
        checkContentType(exchange);
        if (exchange.contentLength() > LIMIT) {
            throw tooLarge();
        }
        byte[] body;
        try (InputStream input = exchange.body()) {
            body = input.readNBytes(LIMIT + 1);
        }
        if (body.length > LIMIT) {
            throw tooLarge();
        }
        if (body.length == 0) {
            return null;
        }
        JsonNode tree = tree(body);
        refuseNamesThatDifferInCaseOnly(tree);
        return type.isInstance(tree) ? type.cast(tree) : convert(tree, type);
    }

    private static JsonNode tree(byte[] body) {
        JsonNode tree;
        try (JsonParser parser = READER.createParser(body)) {
            tree = READER.readTree(parser);
            if (!ended(parser)) {
                throw HttpFailure.badRequest("unexpected content after JSON");
            }
        } catch (JacksonException e) {
            throw HttpFailure.badRequest("invalid JSON: " + JsonProblems.ofText(e));
        }
        return tree;
    }

    private static boolean ended(JsonParser parser) {
        try {
            return parser.nextToken() == null;
        } catch (JacksonException _) {
            return false;
        }
    }

    /// A part of a body that was read as a tree, and its names compared then, as the type that it stands for.
    ///
    /// @throws HttpFailure 400 naming the field and what is wrong with it
    public static <T> T convert(JsonNode tree, Class<T> type) {
        try {
            return READER.forType(type).readValue(tree);
        } catch (JacksonException e) {
            throw HttpFailure.badRequest("invalid JSON: " + JsonProblems.ofValue(e, tree));
        }
    }

    /// Names are read in any case, as Go does, so `Image` and `image` are the same field given twice, at any depth.
    private static void refuseNamesThatDifferInCaseOnly(JsonNode tree) {
        if (tree.isArray()) {
            tree.forEach(JsonBody::refuseNamesThatDifferInCaseOnly);
        }
        if (!tree.isObject()) {
            return;
        }
        Set<String> seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (Map.Entry<String, JsonNode> member : tree.properties()) {
            if (!seen.add(member.getKey())) {
                throw HttpFailure.badRequest("invalid JSON: Duplicate Object property " + Query.quote(member.getKey()));
            }
            if (!MAPS.contains(member.getKey())) {
                refuseNamesThatDifferInCaseOnly(member.getValue());
            }
        }
    }

    private static HttpFailure tooLarge() {
        return new HttpFailure(413, "request body is larger than " + LIMIT + " bytes");
    }

    private static void checkContentType(Exchange exchange) {
        String type = exchange.header("Content-Type");
        if (type == null || type.isBlank()) {
            if (exchange.contentLength() == 0) {
                return;
            }
            throw HttpFailure.badRequest("malformed Content-Type header (): mime: no media type");
        }
        String mediaType = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!mediaType.equals(Exchange.JSON)) {
            throw HttpFailure.badRequest("unsupported Content-Type header (" + type + "): must be 'application/json'");
        }
    }
}
