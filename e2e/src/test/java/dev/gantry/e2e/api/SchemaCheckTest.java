package dev.gantry.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/// The checker finds what is wrong, and nothing else.
class SchemaCheckTest {
    private static final String DOCUMENT = """
            produces: ["application/json"]
            paths:
              /thing:
                get:
                  responses:
                    200:
                      schema:
                        $ref: "#/definitions/Thing"
                    404:
                      schema: {type: object, required: [message], properties: {message: {type: string}}}
                post:
                  produces: ["text/plain"]
                  responses:
                    204:
                      description: "none"
            definitions:
              Thing:
                type: object
                required: [Id]
                properties:
                  Id: {type: string, pattern: "^[0-9a-f]+$"}
                  Size: {type: integer, format: int64, minimum: -1}
                  Port: {type: integer, format: uint16}
                  Ratio: {type: number}
                  On: {type: boolean, x-nullable: true}
                  State: {type: string, enum: [up, down]}
                  Created: {type: string, format: dateTime}
                  Names: {type: array, minItems: 1, items: {type: string}}
                  Labels: {type: object, additionalProperties: {type: string}}
                  Other: {$ref: "#/definitions/Other", x-nullable: true}
                  Both:
                    allOf:
                      - $ref: "#/definitions/Other"
                      - {type: object, properties: {More: {type: string}}}
              Other: {type: object, properties: {Kind: {type: string}}}
            """;

    private final ApiDocument document =
            ApiDocument.parse(new ByteArrayInputStream(DOCUMENT.getBytes(StandardCharsets.UTF_8)));

    private List<String> problems(String json) {
        return document.problems("GET", "/thing", 200, "application/json", new JsonMapper().readTree(json));
    }

    @Test
    void findsNothingInARightDocument() {
        assertThat(problems("""
                        {"Id": "0a", "Size": -1, "Port": 65535, "Ratio": 1, "On": null, "State": "up",
                         "Created": "2026-01-02T03:04:05.123456789Z", "Names": ["x"], "Labels": {"a": "b"},
                         "Other": null, "Both": {"Kind": "k", "More": "m"}}""")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | $.Id: is required, and missing",
                "[] | $: want an object, got []",
                "{\"Id\": 7} | $.Id: want a string, got 7",
                "{\"Id\": null} | $.Id: null is not allowed",
                "{\"Id\": \"x\"} | $.Id: \"x\" does not match ^[0-9a-f]+$",
                "{\"Id\": \"0\", \"Size\": 1.5} | $.Size: want an integer, got 1.5",
                "{\"Id\": \"0\", \"Size\": -2} | $.Size: -2 is out of range",
                "{\"Id\": \"0\", \"Size\": 9223372036854775808} | $.Size: 9223372036854775808 is out of range",
                "{\"Id\": \"0\", \"Port\": 65536} | $.Port: 65536 is out of range",
                "{\"Id\": \"0\", \"Ratio\": \"1\"} | $.Ratio: want a number, got \"1\"",
                "{\"Id\": \"0\", \"On\": \"yes\"} | $.On: want a boolean, got \"yes\"",
                "{\"Id\": \"0\", \"State\": \"left\"} | $.State: \"left\" is none of [up, down]",
                "{\"Id\": \"0\", \"Created\": \"today\"} | $.Created: \"today\" is no RFC 3339 time",
                "{\"Id\": \"0\", \"Names\": []} | $.Names: has 0 items, want 1 at least",
                "{\"Id\": \"0\", \"Names\": [\"a\", 1]} | $.Names[1]: want a string, got 1",
                "{\"Id\": \"0\", \"Names\": {}} | $.Names: want an array, got {}",
                "{\"Id\": \"0\", \"Labels\": {\"a\": 1}} | $.Labels.a: want a string, got 1",
                "{\"Id\": \"0\", \"Other\": {\"Kind\": 1}} | $.Other.Kind: want a string, got 1",
                "{\"Id\": \"0\", \"Both\": {\"Kind\": 1}} | $.Both.Kind: want a string, got 1",
                "{\"Id\": \"0\", \"Both\": {\"More\": 1}} | $.Both.More: want a string, got 1",
                "{\"Id\": \"0\", \"New\": 1} | $.New: is not in the document",
                "{\"Id\": \"0\", \"Other\": {\"New\": 1}} | $.Other.New: is not in the document"
            })
    void findsWhatIsWrong(String json, String problem) {
        assertThat(problems(json)).contains(problem);
    }

    @Test
    void findsAnUndocumentedStatusAndContentType() {
        assertThat(document.problems("GET", "/thing", 500, null, null))
                .containsExactly("status 500 is none of [200, 404]");
        assertThat(document.problems("POST", "/thing", 204, "application/json", null))
                .containsExactly("content type application/json is none of [text/plain]");
        assertThat(document.problems("GET", "/thing", 200, "application/json", null))
                .containsExactly("a body is missing");
        assertThatThrownBy(() -> document.problems("GET", "/none", 200, null, null))
                .hasMessage("the document has no GET /none");
    }
}
