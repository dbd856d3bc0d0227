package dev.gantry.cli.container;

import dev.gantry.cli.command.Session;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.format.Formatter;
import dev.gantry.cli.format.Row;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import java.io.IOException;
import java.util.List;
import java.util.Map;

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
    private static final Map<String, String> HEADINGS = Map.ofEntries(
            Map.entry("ID", "CONTAINER ID"),
            Map.entry("Names", "NAMES"),
            Map.entry("Image", "IMAGE"),
            Map.entry("Command", "COMMAND"),
            Map.entry("CreatedAt", "CREATED AT"),
            Map.entry("RunningFor", "CREATED"),
            Map.entry("Ports", "PORTS"),
            Map.entry("State", "STATE"),
            Map.entry("Status", "STATUS"),
            Map.entry("Size", "SIZE"),
            Map.entry("Labels", "LABELS"),
            Map.entry("Mounts", "MOUNTS"),
            Map.entry("LocalVolumes", "LOCAL VOLUMES"),
            Map.entry("Networks", "NETWORKS"),
            Map.entry("Platform", "PLATFORM"));

    private ListCommand() {}

    static int run(Session session, Arguments flags) throws IOException {
        boolean quiet = flags.isSet("quiet");
        String given = flags.text("format");
        if (given.isEmpty() && !quiet) {
            given = ClientConfiguration.text(session, "psFormat");
        }
        boolean size = flags.isSet("size");
        Formatter formatter = new Formatter(format(given, quiet, size), HEADINGS);
        boolean wantsSize = size || given.contains(".Size");
        JsonValue containers = session.engine().get("/containers/json", query(flags, wantsSize));
        boolean shortened = !flags.isSet("no-trunc");
        List<Row> rows = containers.items().stream()
                .map(container -> new ContainerRow(container, shortened).row())
                .toList();
        session.out().print(formatter.format(rows));
        return 0;
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
