package dev.gantry.cli.volume;

import dev.gantry.cli.format.Human;
import dev.gantry.cli.format.Row;
import dev.gantry.cli.json.JsonValue;
import java.util.Map;
import java.util.stream.Collectors;

/// One volume of a list as templates see it.
public final class VolumeRow {
    /// What stands above the columns.
    public static final Map<String, String> HEADINGS = Map.of(
            "Name", "VOLUME NAME",
            "Driver", "DRIVER",
            "Scope", "SCOPE",
            "Availability", "AVAILABILITY",
            "Mountpoint", "MOUNTPOINT",
            "Labels", "LABELS",
            "Links", "LINKS",
            "Size", "SIZE",
            "Group", "GROUP",
            "Status", "STATUS");

    private static final String UNKNOWN = "N/A";

    private VolumeRow() {}

    /// The row of a volume of the API.
    public static Row of(JsonValue volume) {
        JsonValue usage = volume.get("UsageData");
        return new Row("*formatter.volumeContext")
                .with("Name", () -> volume.text("Name"))
                .with("Driver", () -> volume.text("Driver"))
                .with("Scope", () -> volume.text("Scope"))
                .with("Mountpoint", () -> volume.text("Mountpoint"))
                .with("Labels", () -> labels(volume))
                .withMethod("Label", name -> volume.get("Labels").text(name))
                .with("Links", () -> usage.isNull() ? UNKNOWN : Long.toString(usage.number("RefCount")))
                .with("Size", () -> usage.isNull() ? UNKNOWN : Human.preciseSize(usage.number("Size")))
                .with("Group", () -> UNKNOWN)
                .with("Availability", () -> UNKNOWN)
                .with("Status", () -> UNKNOWN);
    }

    private static String labels(JsonValue volume) {
        return volume.get("Labels").members().entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue().text())
                .sorted()
                .collect(Collectors.joining(","));
    }
}
