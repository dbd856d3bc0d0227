package dev.gantry.cli.image;

import dev.gantry.cli.command.PlatformArgument;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.engine.ImagePaths;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.format.Formatter;
import dev.gantry.cli.format.Human;
import dev.gantry.cli.format.Row;
import dev.gantry.cli.format.Shortened;
import dev.gantry.cli.format.Times;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/// `history`: the steps that made an image.
final class HistoryCommand {
    private static final int COLUMN = 45;
    /// Times before this year are made up by builders and not shown as an age.
    private static final long EPOCH =
            LocalDate.of(2000, 1, 1).atStartOfDay(ZoneOffset.UTC).toEpochSecond();

    private static final Map<String, String> HEADINGS = Map.of(
            "ID", "IMAGE",
            "CreatedSince", "CREATED",
            "CreatedAt", "CREATED AT",
            "CreatedBy", "CREATED BY",
            "Size", "SIZE",
            "Comment", "COMMENT");

    private HistoryCommand() {}

    static int run(Session session, Arguments flags) throws IOException {
        boolean human = flags.isSet("human");
        String given = flags.text("format");
        if (given.isEmpty() || given.equals("table")) {
            given = flags.isSet("quiet")
                    ? "{{.ID}}"
                    : "table {{.ID}}\\t{{." + (human ? "CreatedSince" : "CreatedAt")
                            + "}}\\t{{.CreatedBy}}\\t{{.Size}}\\t{{.Comment}}";
        }
        Formatter formatter = new Formatter(given, HEADINGS);
        boolean shortened = !flags.isSet("no-trunc");
        Query query = new Query().withText("platform", PlatformArgument.json(flags.text("platform")));
        List<Row> rows = session.engine().get(ImagePaths.of(flags.operand(0), "history"), query).items().stream()
                .map(step -> row(step, shortened, human))
                .toList();
        session.out().print(formatter.format(rows));
        return 0;
    }

    private static Row row(JsonValue step, boolean shortened, boolean human) {
        long created = step.number("Created");
        String by = step.text("CreatedBy").replace('\t', ' ');
        return new Row("*image.historyContext")
                .with("ID", () -> shortened ? Shortened.id(step.text("Id")) : step.text("Id"))
                .with("CreatedAt", () -> Times.rfc3339(created))
                .with(
                        "CreatedSince",
                        () -> !human ? Times.rfc3339(created) : created <= EPOCH ? "N/A" : Times.ago(created))
                .with("CreatedBy", () -> shortened ? Shortened.text(by, COLUMN) : by)
                .with("Size", () -> human ? Human.size(step.number("Size")) : step.text("Size"))
                .with("Comment", () -> step.text("Comment"));
    }
}
