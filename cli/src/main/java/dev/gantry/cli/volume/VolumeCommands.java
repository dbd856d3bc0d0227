package dev.gantry.cli.volume;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Command.Completes;
import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Confirmation;
import dev.gantry.cli.command.Operands;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.command.StandardFlags;
import dev.gantry.cli.engine.ApiException;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.format.Formatter;
import dev.gantry.cli.format.NaturalOrder;
import dev.gantry.cli.format.Pruned;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.option.Flag;
import dev.gantry.cli.option.Kind;
import dev.gantry.cli.system.InspectCommand;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// The table of commands about volumes, and what they do.
public final class VolumeCommands {
    private static final String VOLUMES = "/volumes";
    private static final String TABLE = "table {{.Driver}}\\t{{.Name}}";

    private VolumeCommands() {}

    /// The group `volume`.
    public static Command group() {
        return Command.group(
                "volume",
                "Manage volumes",
                List.of(
                        Command.of(
                                        "create",
                                        "[OPTIONS] [VOLUME]",
                                        "Create a volume",
                                        new Operands(0, 1),
                                        VolumeCommands::create)
                                .with(List.of(
                                        Flag.of("driver", "d", Kind.TEXT, "Driver; there is only \"local\"")
                                                .withDefault("local"),
                                        Flag.of("label", Kind.LIST, "Label, NAME=VALUE"),
                                        Flag.of("name", Kind.TEXT, "Name of the volume")
                                                .asHidden(),
                                        Flag.of("opt", "o", Kind.MAP, "Option of the driver, NAME=VALUE"))),
                        Command.of(
                                        "inspect",
                                        "[OPTIONS] VOLUME [VOLUME...]",
                                        "Show everything about volumes",
                                        Operands.atLeast(1),
                                        InspectCommand::volume)
                                .with(List.of(StandardFlags.inspectFormat()))
                                .completing(Completes.VOLUMES),
                        Command.of("ls", "[OPTIONS]", "List volumes", Operands.NONE, VolumeCommands::list)
                                .as("ls", "list")
                                .with(List.of(
                                        StandardFlags.filter("f"),
                                        StandardFlags.tableFormat(),
                                        Flag.of("quiet", "q", Kind.BOOL, "Show names alone")))
                                .alsoKnownAs("volume ls", "volume list"),
                        Command.of("prune", "[OPTIONS]", "Remove unused volumes", Operands.NONE, VolumeCommands::prune)
                                .with(List.of(
                                        Flag.of("all", "a", Kind.BOOL, "Remove those that have a name, too"),
                                        StandardFlags.filter(""),
                                        StandardFlags.force())),
                        Command.of(
                                        "rm",
                                        "[OPTIONS] VOLUME [VOLUME...]",
                                        "Remove volumes that no container uses",
                                        Operands.atLeast(1),
                                        VolumeCommands::remove)
                                .as("rm", "remove")
                                .with(List.of(Flag.of(
                                        "force", "f", Kind.BOOL, "Say nothing about volumes that are not there")))
                                .completing(Completes.VOLUMES)
                                .alsoKnownAs("volume rm", "volume remove")));
    }

    private static int create(Session session, Arguments flags) throws IOException {
        String name = flags.text("name");
        if (!flags.operands().isEmpty()) {
            if (flags.has("name")) {
                throw new CommandException(
                        "conflicting options: cannot specify a volume-name through both --name and as a positional arg");
            }
            name = flags.operand(0);
        }
        JsonValue.Builder body = JsonValue.object().put("Name", name).put("Driver", flags.text("driver"));
        put(body, "DriverOpts", flags.map("opt"));
        put(body, "Labels", flags.map("label"));
        session.out()
                .println(session.engine()
                        .post(VOLUMES + "/create", new Query(), body.build())
                        .text("Name"));
        return 0;
    }

    /// Nothing given is not the same as an empty map: inspect shows null.
    private static void put(JsonValue.Builder body, String name, Map<String, String> values) {
        if (!values.isEmpty()) {
            body.put(name, values);
        }
    }

    private static int list(Session session, Arguments flags) throws IOException {
        String format = flags.text("format");
        boolean standard = format.isEmpty() || format.equals("table");
        Formatter formatter = new Formatter(
                flags.isSet("quiet") && standard ? "{{.Name}}" : standard ? TABLE : format, VolumeRow.HEADINGS);
        JsonValue volumes = session.engine().get(VOLUMES, new Query().withFilters(flags.list("filter")));
        session.out()
                .print(formatter.format(volumes.items("Volumes").stream()
                        .sorted(Comparator.comparing(volume -> volume.text("Name"), NaturalOrder.INSTANCE))
                        .map(VolumeRow::of)
                        .toList()));
        return 0;
    }

    private static int remove(Session session, Arguments flags) throws IOException {
        Query query = new Query().withFlag("force", flags.isSet("force"));
        List<String> problems = new ArrayList<>();
        for (String name : flags.operands()) {
            try {
                session.engine().delete(VOLUMES + "/" + Query.encode(name), query);
                session.out().println(name);
            } catch (ApiException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        if (!problems.isEmpty()) {
            throw new CommandException(String.join("\n", problems));
        }
        return 0;
    }

    private static int prune(Session session, Arguments flags) throws IOException {
        boolean all = flags.isSet("all");
        List<String> filters = new ArrayList<>(flags.list("filter"));
        if (all) {
            if (filters.stream().anyMatch(filter -> filter.startsWith("all="))) {
                throw new CommandException("conflicting options: cannot specify both --all and --filter all=1");
            }
            filters.add("all=true");
        }
        String which = all ? "all" : "anonymous";
        if (!flags.isSet("force")
                && !Confirmation.ask(
                        session,
                        "WARNING! This will remove " + which
                                + " local volumes not used by at least one container.\nAre you sure you want to continue?")) {
            return 0;
        }
        prune(session, filters).print(session);
        return 0;
    }

    /// Removes volumes that no container uses.
    public static Pruned prune(Session session, List<String> filters) throws IOException {
        JsonValue pruned = session.engine().post(VOLUMES + "/prune", new Query().withFilters(filters), null);
        return Pruned.of("Deleted Volumes:", pruned.get("VolumesDeleted").texts(), pruned);
    }
}
