package dev.gantry.cli.disk;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Operands;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.command.StandardFlags;
import dev.gantry.cli.container.ContainerRow;
import dev.gantry.cli.engine.ApiException;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.format.Formatter;
import dev.gantry.cli.format.Human;
import dev.gantry.cli.format.Row;
import dev.gantry.cli.image.ImageListCommand;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.option.Flag;
import dev.gantry.cli.option.Kind;
import dev.gantry.cli.volume.VolumeRow;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// `system df`: what images, containers and volumes take on the disk.
public final class DiskUsageCommand {
    private static final String TABLE =
            "table {{.Type}}\\t{{.TotalCount}}\\t{{.Active}}\\t{{.Size}}\\t{{.Reclaimable}}";
    private static final Map<String, String> HEADINGS = Map.of(
            "Type", "TYPE",
            "TotalCount", "TOTAL",
            "Active", "ACTIVE",
            "Size", "SIZE",
            "Reclaimable", "RECLAIMABLE");

    private static final String IMAGES =
            "table {{.Repository}}\\t{{.Tag}}\\t{{.ID}}\\t{{.CreatedSince}}\\t{{.Size}}\\t{{.SharedSize}}\\t{{.UniqueSize}}"
                    + "\\t{{.Containers}}";
    private static final String CONTAINERS =
            "table {{.ID}}\\t{{.Image}}\\t{{.Command}}\\t{{.LocalVolumes}}\\t{{.Size}}\\t{{.RunningFor}}\\t{{.Status}}"
                    + "\\t{{.Names}}";
    private static final String VOLUMES = "table {{.Name}}\\t{{.Links}}\\t{{.Size}}";
    private static final String CACHE_HEADINGS =
            "CACHE ID   CACHE TYPE   SIZE      CREATED   LAST USED   USAGE     SHARED\n";

    private DiskUsageCommand() {}

    /// `system df`
    public static Command command() {
        return Command.of("df", "[OPTIONS]", "Show what takes space on the disk", Operands.NONE, DiskUsageCommand::run)
                .with(List.of(
                        StandardFlags.tableFormat(),
                        Flag.of("verbose", "v", Kind.BOOL, "Show each image, container and volume")));
    }

    private static int run(Session session, Arguments flags) throws IOException {
        JsonValue usage = session.engine().get("/system/df", new Query());
        String format = flags.text("format");
        boolean table = format.isEmpty() || format.equals("table");
        if (!flags.isSet("verbose")) {
            session.out().print(new Formatter(table ? TABLE : format, HEADINGS).format(DiskUsageRows.of(usage)));
        } else if (table) {
            session.out().print(everything(usage) + storeContent(session));
        } else {
            session.out().print(new Formatter(format, Map.of()).format(List.of(row(usage))));
        }
        return 0;
    }

    private static String everything(JsonValue usage) throws CommandException {
        return "Images space usage:\n\n"
                + new Formatter(IMAGES, ImageListCommand.HEADINGS).format(images(usage, true))
                + "\nContainers space usage:\n\n"
                + new Formatter(CONTAINERS, ContainerRow.HEADINGS).format(containers(usage, true))
                + "\nLocal Volumes space usage:\n\n"
                + new Formatter(VOLUMES, VolumeRow.HEADINGS).format(volumes(usage))
                + "\nBuild cache usage: " + Human.size(0) + "\n\n" + CACHE_HEADINGS;
    }

    /// What Docker's command does not tell: the store keeps layers unpacked and as they came.
    private static String storeContent(Session session) throws IOException {
        JsonValue store;
        try {
            store = session.engine().get("/gantry/system/df", new Query());
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return ""; // another daemon
            }
            throw e;
        }
        return "\nImage store usage: " + Human.preciseSize(store.number("Layers")) + " unpacked layers, "
                + Human.preciseSize(store.number("Blobs")) + " layers and documents as they came, "
                + Human.preciseSize(store.number("Other")) + " directories and index\n";
    }

    private static List<Row> images(JsonValue usage, boolean shortened) {
        return usage.items("Images").stream()
                .map(image -> ImageListCommand.first(image, shortened))
                .toList();
    }

    private static List<Row> containers(JsonValue usage, boolean shortened) {
        return usage.items("Containers").stream()
                // the size of the image is in the image's line
                .map(container -> new ContainerRow(container, shortened).withOwnSize())
                .toList();
    }

    private static List<Row> volumes(JsonValue usage) {
        return usage.items("Volumes").stream().map(VolumeRow::of).toList();
    }

    private static Row row(JsonValue usage) {
        return new Row("*formatter.diskUsageContext")
                .inOrder()
                .with("Images", () -> images(usage, false))
                .with("Containers", () -> containers(usage, false))
                .with("Volumes", () -> volumes(usage))
                .with("BuildCache", List::of);
    }
}
