package dev.gantry.cli.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.cli.json.JsonReader;
import dev.gantry.cli.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every case was executed by Go's text/template; what it printed or complained about is in golden/templates.json.
class TemplateTest {
    @TestFactory
    Stream<DynamicTest> doesWhatGoDoes() throws IOException {
        JsonValue golden;
        try (InputStream stream = TemplateTest.class.getResourceAsStream("/golden/templates.json")) {
            golden = JsonReader.read(Objects.requireNonNull(stream));
        }
        Object data = golden.get("data").plain();
        return golden.items("cases").stream()
                .map(each -> DynamicTest.dynamicTest(
                        each.text("template"),
                        () -> assertThat(result(each.text("template"), data)).isEqualTo(expected(each))));
    }

    private static String expected(JsonValue each) {
        return each.text("error").isEmpty() ? each.text("output") : "ERROR " + each.text("error");
    }

    private static String result(String template, Object data) {
        try {
            return Template.parse(template).execute(data);
        } catch (TemplateException e) {
            return "ERROR " + e.getMessage();
        }
    }

    @Test
    void endsATemplateThatCallsItselfForEver() {
        assertThat(result("{{define \"t\"}}{{template \"t\"}}{{end}}{{template \"t\"}}", Map.of()))
                .startsWith("ERROR")
                .contains("exceeded maximum template depth");
    }
}
