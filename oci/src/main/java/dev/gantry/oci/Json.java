package dev.gantry.oci;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The one JSON mapper.
///
/// Reading is strict where leniency lets two readers see two documents: duplicate keys, trailing content, a wrong
/// type of scalar, depth and size beyond the limits are refused; unknown properties are ignored, as the OCI
/// specifications demand. Writing leaves out `null`, keeps the declared order of record components and sorts maps by
/// key, so equal values give equal bytes.
public final class Json {
    /// The largest document, in bytes. Registries refuse manifests above 4 MiB; API bodies and configurations of
    /// images with thousands of history entries stay far below this.
    public static final int MAX_DOCUMENT = 16 << 20;

    /// The deepest nesting. The deepest document in use, a runtime spec, nests 8 levels.
    public static final int MAX_DEPTH = 64;

    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxDocumentLength(MAX_DOCUMENT)
            .maxNestingDepth(MAX_DEPTH)
            .maxNameLength(64 << 10)
            .maxStringLength(4 << 20)
            .maxNumberLength(64)
            .maxTokenCount(2_000_000)
            .build();

    private static final JsonMapper MAPPER = JsonMapper.builder(
                    JsonFactory.builder().streamReadConstraints(LIMITS).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
            .build();

    private Json() {}

    /// The shared, immutable mapper, for callers that stream or rebuild it with other features.
    public static JsonMapper mapper() {
        return MAPPER;
    }

    /// Reads one document.
    ///
    /// @throws MalformedException with line and column where the document is not what `type` needs
    public static <T> T read(byte[] document, Class<T> type) throws MalformedException {
        if (document.length > MAX_DOCUMENT) {
            throw new MalformedException(
                    "JSON document of %d bytes, limit %d".formatted(document.length, MAX_DOCUMENT));
        }
        T value;
        try {
            value = MAPPER.readValue(document, type);
        } catch (JacksonException e) {
            throw malformed(e);
        }
        if (value == null) {
            throw new MalformedException("JSON document is null, want " + type.getSimpleName());
        }
        return value;
    }

    /// Reads one document, as [#read(byte[], Class)] does.
    public static <T> T read(String document, Class<T> type) throws MalformedException {
        return read(document.getBytes(StandardCharsets.UTF_8), type);
    }

    /// Reads one document from a stream, at most [#MAX_DOCUMENT] bytes of it. The stream stays open.
    public static <T> T read(InputStream document, Class<T> type) throws IOException {
        return read(document.readNBytes(MAX_DOCUMENT + 1), type);
    }

    /// The document on one line, without a final newline.
    public static byte[] write(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /// The document as text, as [#write(Object)] gives it.
    public static String writeText(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /// The parser's words for where an object began, which name its own settings.
    private static final Pattern SOURCE = Pattern.compile(" ?\\([^()]*\\[Source:[^\\]]*\\]\\)|, from `[^`]*`");

    private static MalformedException malformed(JacksonException e) {
        var location = e.getLocation();
        String where = location == null || location.getLineNr() < 1
                ? ""
                : " at line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
        String message = SOURCE.matcher(String.valueOf(e.getOriginalMessage())).replaceAll("");
        return new MalformedException("invalid JSON%s: %s".formatted(where, message), e);
    }
}
