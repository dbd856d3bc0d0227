package dev.gantry.cli.disk;

import dev.gantry.cli.format.Human;
import dev.gantry.cli.format.Row;
import dev.gantry.cli.json.JsonValue;
import java.util.List;
import java.util.Set;

/// The lines of `system df`: how many there are of each kind, how many are in use, and what they take.
final class DiskUsageRows {
    private static final Set<String> AT_WORK = Set.of("running", "paused", "restarting");

    private DiskUsageRows() {}

    static List<Row> of(JsonValue usage) {
        return List.of(
                images(usage), containers(usage.items("Containers")), volumes(usage.items("Volumes")), buildCache());
    }

    private static Row images(JsonValue usage) {
        List<JsonValue> images = usage.items("Images");
        List<JsonValue> used =
                images.stream().filter(image -> image.number("Containers") > 0).toList();
        long total = usage.number("LayersSize");
        long needed = used.stream()
                .mapToLong(image -> image.number("Size") - image.number("SharedSize"))
                .sum();
        return row("Images", images.size(), used.size(), total, share(total - needed, total));
    }

    private static Row containers(List<JsonValue> containers) {
        long total = 0;
        long reclaimable = 0;
        int active = 0;
        for (JsonValue each : containers) {
            boolean works = AT_WORK.contains(each.text("State"));
            total += each.number("SizeRw");
            reclaimable += works ? 0 : each.number("SizeRw");
            active += works ? 1 : 0;
        }
        return row("Containers", containers.size(), active, total, share(reclaimable, total));
    }

    private static Row volumes(List<JsonValue> volumes) {
        long total = 0;
        long reclaimable = 0;
        int active = 0;
        for (JsonValue each : volumes) {
            JsonValue usage = each.get("UsageData");
            boolean used = usage.number("RefCount") > 0;
            total += usage.number("Size");
            reclaimable += used ? 0 : usage.number("Size");
            active += used ? 1 : 0;
        }
        return row("Local Volumes", volumes.size(), active, total, share(reclaimable, total));
    }

    private static Row buildCache() {
        return row("Build Cache", 0, 0, 0, Human.preciseSize(0));
    }

    private static String share(long part, long total) {
        return total > 0 ? Human.preciseSize(part) + " (" + part * 100 / total + "%)" : Human.preciseSize(part);
    }

    private static Row row(String type, int count, int active, long size, String reclaimable) {
        return new Row("*formatter.diskUsageContext")
                .with("Type", () -> type)
                .with("TotalCount", () -> Integer.toString(count))
                .with("Active", () -> Integer.toString(active))
                .with("Size", () -> Human.preciseSize(size))
                .with("Reclaimable", () -> reclaimable);
    }
}
