package dev.gantry.cli.format;

import dev.gantry.cli.command.Session;
import dev.gantry.cli.json.JsonValue;
import java.util.List;

/// What a prune has removed.
///
/// @param text for people, a heading and a line for each; empty if nothing was removed
/// @param reclaimed bytes
public record Pruned(String text, long reclaimed) {
    /// From the daemon's answer.
    ///
    /// @param lines what was removed
    public static Pruned of(String heading, List<String> lines, JsonValue answer) {
        return new Pruned(
                lines.isEmpty() ? "" : heading + "\n" + String.join("\n", lines) + "\n",
                lines.isEmpty() ? 0 : answer.number("SpaceReclaimed"));
    }

    /// Prints what was removed.
    public void printRemoved(Session session) {
        if (!text.isEmpty()) {
            session.out().println(text);
        }
    }

    /// Prints what was removed and what that has freed.
    public void print(Session session) {
        printRemoved(session);
        session.out().println("Total reclaimed space: " + Human.preciseSize(reclaimed));
    }
}
