package dev.gantry.cli.container;

import dev.gantry.cli.format.Human;
import dev.gantry.cli.format.Row;
import dev.gantry.cli.format.Shortened;
import dev.gantry.cli.json.JsonValue;
import java.util.List;
import java.util.Locale;

/// What a container uses, as templates see it.
///
/// @param container what the user called it
/// @param stats the daemon's last answer
/// @param known whether that is still true; else dashes are shown
/// @param shortened whether the ID is cut
record StatsRow(String container, JsonValue stats, boolean known, boolean shortened) {
    private static final String UNKNOWN = "--";
    private static final String UNKNOWN_PAIR = "-- / --";

    Row row() {
        return new Row("*container.statsContext")
                .with("Container", () -> container)
                .with("Name", this::name)
                .with("ID", () -> shortened ? Shortened.id(stats.text("id")) : stats.text("id"))
                .with("CPUPerc", () -> known ? percent(processors()) : UNKNOWN)
                .with("MemUsage", () -> known ? memory() : UNKNOWN_PAIR)
                .with("MemPerc", () -> known ? percent(memoryPart()) : UNKNOWN)
                .with("NetIO", () -> known ? network() : UNKNOWN)
                .with("BlockIO", () -> known ? blocks() : UNKNOWN)
                .with(
                        "PIDs",
                        () -> known ? Long.toString(stats.get("pids_stats").number("current")) : UNKNOWN);
    }

    private String name() {
        String name = stats.text("name");
        return name.length() > 1 ? name.substring(1) : UNKNOWN;
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.2f%%", value);
    }

    /// 100 is one whole CPU.
    private double processors() {
        JsonValue now = stats.get("cpu_stats");
        JsonValue before = stats.get("precpu_stats");
        double used = (double) now.get("cpu_usage").number("total_usage")
                - before.get("cpu_usage").number("total_usage");
        double passed = (double) now.number("system_cpu_usage") - before.number("system_cpu_usage");
        double online = now.number("online_cpus");
        if (online == 0) {
            online = now.get("cpu_usage").items("percpu_usage").size();
        }
        return passed > 0 && used > 0 ? used / passed * online * 100 : 0;
    }

    private String memory() {
        return Human.binarySize(usedMemory()) + " / "
                + Human.binarySize(stats.get("memory_stats").number("limit"));
    }

    private double memoryPart() {
        long limit = stats.get("memory_stats").number("limit");
        return limit == 0 ? 0 : 100.0 * usedMemory() / limit;
    }

    /// Without the page cache that can be given back at once; the figure has another name in each cgroup version.
    private long usedMemory() {
        JsonValue memory = stats.get("memory_stats");
        long usage = memory.number("usage");
        JsonValue figures = memory.get("stats");
        long cache = figures.number(
                figures.members().containsKey("total_inactive_file") ? "total_inactive_file" : "inactive_file");
        return cache < usage ? usage - cache : usage;
    }

    private String network() {
        long received = 0;
        long sent = 0;
        for (JsonValue each : stats.get("networks").members().values()) {
            received += each.number("rx_bytes");
            sent += each.number("tx_bytes");
        }
        return Human.size(received) + " / " + Human.size(sent);
    }

    private String blocks() {
        List<JsonValue> entries = stats.get("blkio_stats").items("io_service_bytes_recursive");
        return Human.size(sum(entries, "r")) + " / " + Human.size(sum(entries, "w"));
    }

    private static long sum(List<JsonValue> entries, String initial) {
        return entries.stream()
                .filter(each -> each.text("op").toLowerCase(Locale.ROOT).startsWith(initial))
                .mapToLong(each -> each.number("value"))
                .sum();
    }
}
