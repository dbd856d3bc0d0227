package dev.gantry.cli.registry;

import dev.gantry.cli.command.Session;
import dev.gantry.cli.configuration.Credentials;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.format.Formatter;
import dev.gantry.cli.format.Row;
import dev.gantry.cli.format.Shortened;
import dev.gantry.cli.image.ImageName;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// `search`: images that a registry's index finds.
final class SearchCommand {
    private static final int COLUMN = 45;
    private static final String TABLE = "table {{.Name}}\\t{{.Description}}\\t{{.StarCount}}\\t{{.IsOfficial}}";
    private static final Map<String, String> HEADINGS = Map.of(
            "Name", "NAME",
            "Description", "DESCRIPTION",
            "StarCount", "STARS",
            "IsOfficial", "OFFICIAL");

    /// In Docker's words.
    private static final String NOT_AUTOMATED = "WARNING: the \"is-automated\" filter is deprecated, and searching for"
            + " \"is-automated=true\" will not yield any results in future.";

    private SearchCommand() {}

    static int run(Session session, Arguments flags) throws IOException {
        String term = flags.operand(0);
        String given = flags.text("format");
        Formatter formatter = new Formatter(given.isEmpty() || given.equals("table") ? TABLE : given, HEADINGS);
        List<String> filters = flags.list("filter");
        if (filters.stream().anyMatch(filter -> filter.startsWith("is-automated="))) {
            session.err().println(NOT_AUTOMATED);
        }
        long limit = flags.number("limit");
        Query query = new Query()
                .with("term", term)
                .withText("limit", limit > 0 ? Long.toString(limit) : "")
                .withFilters(filters);
        Map<String, String> headers =
                Credentials.header(session, ImageName.of(term).domain());
        boolean shortened = !flags.isSet("no-trunc");
        boolean json = given.equals("json") || given.contains("{{json");
        List<Row> rows = session.engine().get("/images/search", query, headers).items().stream()
                .map(each -> row(each, shortened, json))
                .toList();
        session.out().print(formatter.format(rows));
        return 0;
    }

    private static Row row(JsonValue image, boolean shortened, boolean json) {
        String description = image.text("description").replace('\n', ' ').replace('\r', ' ');
        boolean official = image.isTrue("is_official");
        return new Row("*registry.searchContext")
                .with("Name", () -> image.text("name"))
                .with("Description", () -> shortened ? Shortened.text(description, COLUMN) : description)
                .with("StarCount", () -> Long.toString(image.number("star_count")))
                .with("IsOfficial", () -> json ? Boolean.toString(official) : official ? "[OK]" : "");
    }
}
