package dev.gantry.cli.container;

import dev.gantry.cli.format.Human;
import dev.gantry.cli.format.Row;
import dev.gantry.cli.format.Shortened;
import dev.gantry.cli.format.Times;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.GoQuote;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// One container of the list as templates see it.
///
/// @param shortened whether IDs, commands and mounts are cut
public record ContainerRow(JsonValue container, boolean shortened) {
    /// What stands above the columns.
    public static final Map<String, String> HEADINGS = Map.ofEntries(
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

    private static final int COMMAND_WIDTH = 20;
    private static final int MOUNT_WIDTH = 15;

    /// The row.
    public Row row() {
        return new Row("*formatter.ContainerContext")
                .with("ID", () -> id(container.text("Id")))
                .with("Names", this::names)
                .with("Image", this::image)
                .with("Command", this::command)
                .with("CreatedAt", () -> Times.plain(container.number("Created")))
                .with("RunningFor", () -> Times.ago(container.number("Created")))
                .with("Ports", () -> PortList.shown(container.items("Ports")))
                .with("State", () -> container.text("State"))
                .with("Status", () -> container.text("Status"))
                .with("Size", this::size)
                .with("Labels", this::labels)
                .withMethod("Label", name -> container.get("Labels").text(name))
                .with("Mounts", this::mounts)
                .with("LocalVolumes", this::localVolumes)
                .with(
                        "Networks",
                        () -> String.join(
                                ",",
                                container
                                        .get("NetworkSettings")
                                        .get("Networks")
                                        .members()
                                        .keySet()))
                .with("Platform", () -> null);
    }

    /// The row whose size is the container's own alone.
    public Row withOwnSize() {
        return row().with("Size", () -> Human.size(container.number("SizeRw")));
    }

    private String id(String id) {
        return shortened ? Shortened.id(id) : id;
    }

    private String names() {
        List<String> names = container.items("Names").stream()
                .map(JsonValue::text)
                .map(name -> name.startsWith("/") ? name.substring(1) : name)
                .toList();
        if (!shortened) {
            return String.join(",", names);
        }
        // a name with a slash inside is another container's link
        return names.stream().filter(name -> !name.contains("/")).findFirst().orElse("");
    }

    private String image() {
        String image = container.text("Image");
        if (image.isEmpty()) {
            return "<no image>";
        }
        if (shortened && Shortened.id(container.text("ImageID")).equals(Shortened.id(image))) {
            return Shortened.id(image);
        }
        int digest = image.indexOf("@sha256:");
        return shortened && digest > 0 ? image.substring(0, digest) : image;
    }

    private String command() {
        String command = container.text("Command");
        return GoQuote.quote(shortened ? Shortened.text(command, COMMAND_WIDTH) : command);
    }

    private String size() {
        String own = Human.size(container.number("SizeRw"));
        long all = container.number("SizeRootFs");
        return all > 0 ? own + " (virtual " + Human.size(all) + ")" : own;
    }

    private String labels() {
        return container.get("Labels").members().entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue().text())
                .sorted()
                .collect(Collectors.joining(","));
    }

    private String mounts() {
        return container.items("Mounts").stream()
                .map(mount -> mount.text("Name").isEmpty() ? mount.text("Source") : mount.text("Name"))
                .map(name -> shortened ? Shortened.text(name, MOUNT_WIDTH) : name)
                .collect(Collectors.joining(","));
    }

    private String localVolumes() {
        return Long.toString(container.items("Mounts").stream()
                .filter(mount -> mount.text("Driver").equals("local"))
                .count());
    }
}
