package dev.gantry.cli.system;

import dev.gantry.cli.format.Formatter;
import dev.gantry.cli.json.JsonValue;
import java.util.List;

/// The answer to a check, for people.
final class CheckReport {
    private static final int LEAST_WIDTH = 2;
    private static final int PADDING = 2;

    private CheckReport() {}

    static String text(JsonValue report) {
        List<JsonValue> findings = report.items("Findings");
        StringBuilder text = new StringBuilder();
        if (!findings.isEmpty()) {
            StringBuilder rows = new StringBuilder();
            for (JsonValue each : findings) {
                row(rows, each.text("Outcome"), each.text("Kind"), each.text("Subject") + ": " + each.text("Problem"));
                row(rows, "", "", "repair: " + each.text("Repair"));
            }
            text.append(Formatter.align(rows.toString(), LEAST_WIDTH, PADDING)).append('\n');
        }
        return text.append(summary(report, findings))
                .append("; looked at ")
                .append(lookedAt(report.get("LookedAt")))
                .append('\n')
                .toString();
    }

    private static void row(StringBuilder rows, String outcome, String kind, String text) {
        rows.append(outcome)
                .append('\t')
                .append(kind)
                .append('\t')
                .append(oneLine(text))
                .append('\n');
    }

    /// Names of files may hold anything.
    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private static String summary(JsonValue report, List<JsonValue> findings) {
        if (findings.isEmpty()) {
            return "everything agrees";
        }
        long mended = findings.stream()
                .filter(each -> each.text("Outcome").equals("mended"))
                .count();
        String found = count(findings.size(), "finding");
        if (mended == 0) {
            return found;
        }
        return report.get("Agrees").isTrue() ? found + ", all mended" : found + ", " + mended + " mended";
    }

    private static String lookedAt(JsonValue counts) {
        return String.join(
                ", ",
                count(counts.number("Containers"), "container") + " (" + counts.number("Running") + " running)",
                count(counts.number("Directories"), "cgroup and state directory", "cgroup and state directories"),
                count(counts.number("Execs"), "exec"),
                count(counts.number("Images"), "image"),
                count(counts.number("Layers"), "layer"),
                count(counts.number("Blobs"), "blob"));
    }

    private static String count(long number, String noun) {
        return count(number, noun, noun + "s");
    }

    private static String count(long number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
