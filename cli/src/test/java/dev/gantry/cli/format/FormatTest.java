package dev.gantry.cli.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.json.JsonReader;
import dev.gantry.cli.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class FormatTest {
    /// golden/tables.json holds what Go's text/tabwriter made of the same texts.
    @TestFactory
    Stream<DynamicTest> alignsColumnsAsGoDoes() throws IOException {
        JsonValue golden;
        try (InputStream stream = FormatTest.class.getResourceAsStream("/golden/tables.json")) {
            golden = JsonReader.read(Objects.requireNonNull(stream));
        }
        return golden.items().stream()
                .map(each -> DynamicTest.dynamicTest(
                        each.text("least") + "/" + each.text("padding") + " " + each.text("text"),
                        () -> assertThat(Formatter.align(
                                        each.text("text"), (int) each.number("least"), (int) each.number("padding")))
                                .isEqualTo(each.text("output"))));
    }

    @Test
    void printsATableUnderItsHeadings() throws CommandException {
        Formatter formatter =
                new Formatter("table {{.Name}}\\t{{upper .State}}", Map.of("Name", "NAMES", "State", "State"));
        assertThat(formatter.format(List.of(row("web", "up"), row("a-longer-name", "down"))))
                .isEqualTo("""
                        NAMES           State
                        web             UP
                        a-longer-name   DOWN
                        """);
    }

    @Test
    void printsHeadingsOfAnEmptyTable() throws CommandException {
        assertThat(new Formatter("table {{.Name}}", Map.of("Name", "NAMES")).format(List.of()))
                .isEqualTo("NAMES\n");
    }

    @Test
    void printsJsonInTheOrderOfNames() throws CommandException {
        assertThat(new Formatter("json", Map.of()).format(List.of(row("a", "b"))))
                .isEqualTo("{\"Name\":\"a\",\"State\":\"b\"}\n");
    }

    @Test
    void namesAFieldThatARowDoesNotHave() {
        assertThatThrownBy(() -> new Formatter("{{.Nope}}", Map.of()).format(List.of(row("a", "b"))))
                .hasMessage("template parsing error: template: :1:2: executing \"\" at <.Nope>: can't evaluate"
                        + " field Nope in type *formatter.ContainerContext");
    }

    @Test
    void namesATemplateThatDoesNotParse() {
        assertThatThrownBy(() -> new Formatter("{{.ID", Map.of()))
                .hasMessage("template parsing error: template: :1: unclosed action");
    }

    private static Row row(String name, String state) {
        return new Row("*formatter.ContainerContext").with("State", () -> state).with("Name", () -> name);
    }

    @Test
    void writesSizesAsDockerDoes() {
        assertThat(List.of(0L, 999L, 1000L, 1234L, 1_234_567L, 12_345_678L, 999_999L, 1_500_000_000L))
                .extracting(Human::size)
                .containsExactly("0B", "999B", "1kB", "1.23kB", "1.23MB", "12.3MB", "1e+03kB", "1.5GB");
        assertThat(Human.preciseSize(1_234_567)).isEqualTo("1.235MB");
        assertThat(Human.binarySize(25_276_063_744L)).isEqualTo("23.54GiB");
    }

    @Test
    void writesTimeSpansAsDockerDoes() {
        assertThat(Stream.of(
                                0,
                                1,
                                59,
                                60,
                                119,
                                120,
                                3599,
                                3600,
                                5400,
                                7200,
                                47 * 3600,
                                48 * 3600,
                                14 * 86400,
                                60 * 86400,
                                730 * 86400)
                        .map(seconds -> Human.duration(Duration.ofSeconds(seconds))))
                .containsExactly(
                        "Less than a second",
                        "1 second",
                        "59 seconds",
                        "About a minute",
                        "About a minute",
                        "2 minutes",
                        "59 minutes",
                        "About an hour",
                        "2 hours",
                        "2 hours",
                        "47 hours",
                        "2 days",
                        "2 weeks",
                        "2 months",
                        "2 years");
    }

    @Test
    void cutsTextsByColumns() {
        assertThat(Shortened.text("12345678901234567890", 20)).isEqualTo("12345678901234567890");
        assertThat(Shortened.text("123456789012345678901", 20)).isEqualTo("1234567890123456789…");
        assertThat(Shortened.text("日本語日本語", 7)).isEqualTo("日本語…");
        assertThat(Shortened.id("sha256:0123456789abcdef")).isEqualTo("0123456789ab");
    }

    @Test
    void writesBuildTimesLikeTheStockClient() {
        assertThat(Times.buildTime("2026-05-07T21:09:36.000000000+00:00")).isEqualTo("Thu May  7 21:09:36 2026");
        assertThat(Times.buildTime("yesterday")).isEqualTo("yesterday");
    }
}
