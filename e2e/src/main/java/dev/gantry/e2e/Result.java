package dev.gantry.e2e;

import java.util.List;

/// What became of a command: its exit status and what it printed, as it came.
public record Result(List<String> command, int exit, String out, String err) {
    public Result {
        command = List.copyOf(command);
    }

    /// Standard output's lines.
    public List<String> lines() {
        return out.lines().toList();
    }

    @Override
    public String toString() {
        return "%s%n  exit %d%n  out: %s%n  err: %s"
                .formatted(String.join(" ", command), exit, shorten(out), shorten(err));
    }

    private static String shorten(String text) {
        return text.length() <= 2000 ? text.strip() : text.substring(0, 2000) + "…";
    }
}
