package dev.gantry.cli.disk;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Confirmation;
import dev.gantry.cli.command.Operands;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.command.StandardFlags;
import dev.gantry.cli.container.ContainerPrune;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.format.Formatter;
import dev.gantry.cli.format.Human;
import dev.gantry.cli.format.Pruned;
import dev.gantry.cli.format.Shortened;
import dev.gantry.cli.image.ImageCommands;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.option.Flag;
import dev.gantry.cli.option.Kind;
import dev.gantry.cli.volume.VolumeCommands;
import java.io.IOException;
import java.util.List;

/// `system prune`: removes everything that nobody uses, or tells what would go.
public final class SystemPruneCommand {
    private static final int LEAST_WIDTH = 2;
    private static final int PADDING = 3;

    private SystemPruneCommand() {}

    /// `system prune`
    public static Command command() {
        return Command.of("prune", "[OPTIONS]", "Remove what nobody uses", Operands.NONE, SystemPruneCommand::run)
                .with(List.of(
                        Flag.of(
                                "all",
                                "a",
                                Kind.BOOL,
                                "Remove all images that no container uses, not only dangling ones"),
                        Flag.of(
                                "dry-run",
                                Kind.BOOL,
                                "Show what would go, why, and how much that frees; remove nothing"),
                        StandardFlags.filter(""),
                        StandardFlags.force(),
                        Flag.of("volumes", Kind.BOOL, "Remove volumes that nobody has named, too")));
    }

    private static int run(Session session, Arguments flags) throws IOException {
        boolean all = flags.isSet("all");
        boolean volumes = flags.isSet("volumes");
        List<String> filters = flags.list("filter");
        if (volumes && filters.stream().anyMatch(filter -> filter.startsWith("until="))) {
            throw new CommandException("ERROR: The \"until\" filter is not supported with \"--volumes\"");
        }
        if (flags.isSet("dry-run")) {
            Query query = new Query()
                    .withFlag("all", all)
                    .withFlag("volumes", volumes)
                    .withFilters(filters);
            session.out().print(text(session.engine().get("/gantry/system/prune", query)));
            return 0;
        }
        if (!flags.isSet("force") && !Confirmation.ask(session, warning(all, volumes, filters))) {
            return 0;
        }
        long reclaimed = step(session, ContainerPrune.of(session, filters));
        if (volumes) {
            reclaimed += step(session, VolumeCommands.prune(session, filters));
        }
        reclaimed += step(session, ImageCommands.prune(session, all, filters));
        session.out().println("Total reclaimed space: " + Human.preciseSize(reclaimed));
        return 0;
    }

    private static long step(Session session, Pruned pruned) {
        pruned.printRemoved(session);
        return pruned.reclaimed();
    }

    /// Docker's words.
    private static String warning(boolean all, boolean volumes, List<String> filters) {
        StringBuilder text = new StringBuilder("WARNING! This will remove:\n");
        text.append("  - all stopped containers\n");
        text.append("  - all networks not used by at least one container\n");
        if (volumes) {
            text.append("  - all anonymous volumes not used by at least one container\n");
        }
        text.append(
                all
                        ? "  - all images without at least one container associated to them\n  - all build cache\n"
                        : "  - all dangling images\n  - unused build cache\n");
        if (!filters.isEmpty()) {
            text.append("\n  Items to be pruned will be filtered with:\n");
            filters.stream()
                    .sorted()
                    .forEach(filter -> text.append("  - ").append(filter).append('\n'));
        }
        return text.append("\nAre you sure you want to continue?").toString();
    }

    /// What would go, for people.
    static String text(JsonValue preview) {
        List<JsonValue> items = preview.items("Items");
        if (items.isEmpty()) {
            return "nothing would be removed\n";
        }
        StringBuilder rows = new StringBuilder("TYPE\tID\tNAME\tFREES\tREASON\n");
        for (JsonValue each : items) {
            rows.append(each.text("Type"))
                    .append('\t')
                    .append(id(each))
                    .append('\t')
                    .append(each.text("Name").equals(each.text("Id")) ? id(each) : each.text("Name"))
                    .append('\t')
                    .append(Human.preciseSize(each.number("Size")))
                    .append('\t')
                    .append(each.text("Reason"))
                    .append('\n');
        }
        return Formatter.align(rows.toString(), LEAST_WIDTH, PADDING) + "\nTotal space that would be reclaimed: "
                + Human.preciseSize(preview.number("SpaceReclaimed")) + "\n";
    }

    private static String id(JsonValue item) {
        return Shortened.id(item.text("Id"));
    }
}
