package dev.gantry.cli.container;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.configuration.ConfigurationFile;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.format.Formatter;
import dev.gantry.cli.format.Row;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.template.Template;
import dev.gantry.cli.template.TemplateException;
import java.io.IOException;
import java.util.List;

/// `ps`: the list of containers.
final class ListCommand {
    private static final String TABLE =
            "table {{.ID}}\\t{{.Image}}\\t{{.Command}}\\t{{.RunningFor}}\\t{{.Status}}\\t{{.Ports}}\\t{{.Names}}";
    private static final String RAW = """
            container_id: {{.ID}}
            image: {{.Image}}
            command: {{.Command}}
            created_at: {{.CreatedAt}}
            state: {{- pad .State 1 0}}
            status: {{- pad .Status 1 0}}
            names: {{.Names}}
            labels: {{- pad .Labels 1 0}}
            ports: {{- pad .Ports 1 0}}
            """;

    private ListCommand() {}

    static int run(Session session, Arguments flags) throws IOException {
        boolean quiet = flags.isSet("quiet");
        String given = flags.text("format");
        if (given.isEmpty() && !quiet) {
            given = ConfigurationFile.text(session, "psFormat");
        }
        check(given);
        boolean size = flags.isSet("size");
        Formatter formatter = new Formatter(format(given, quiet, size), ContainerRow.HEADINGS);
        boolean wantsSize = size || given.contains(".Size");
        JsonValue containers = session.engine().get("/containers/json", query(flags, wantsSize));
        boolean shortened = !flags.isSet("no-trunc");
        List<Row> rows = containers.items().stream()
                .map(container -> new ContainerRow(container, shortened).row())
                .toList();
        session.out().print(formatter.format(rows));
        return 0;
    }

    /// Tries a template on a container that is none, whether there are any or not, and in words of its own: as Docker's
    /// client does for this command alone.
    private static void check(String format) throws CommandException {
        Template template;
        try {
            template = Template.parse(format);
        } catch (TemplateException e) {
            throw new CommandException("failed to parse template: " + e.getMessage());
        }
        try {
            String _ = template.execute(new ContainerRow(JsonValue.object().build(), true).row());
        } catch (TemplateException e) {
            throw new CommandException("failed to execute template: " + e.getMessage());
        }
    }

    private static Query query(Arguments flags, boolean size) {
        long limit = flags.isSet("latest") && flags.number("last") == -1 ? 1 : flags.number("last");
        Query query = new Query().withFlag("all", flags.isSet("all")).withFlag("size", size);
        if (limit > 0) {
            query.with("limit", Long.toString(limit));
        }
        return query.withFilters(flags.list("filter"));
    }

    private static String format(String given, boolean quiet, boolean size) {
        return switch (given) {
            case "", "table" -> quiet ? "{{.ID}}" : size ? TABLE + "\\t{{.Size}}" : TABLE;
            case "raw" -> quiet ? "container_id: {{.ID}}" : size ? RAW + "size: {{.Size}}\n" : RAW;
            default -> quiet ? "{{.ID}}" : given;
        };
    }
}
