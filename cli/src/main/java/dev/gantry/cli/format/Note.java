package dev.gantry.cli.format;

import java.util.List;
import java.util.stream.Collectors;

/// Something that a user may want to know, set apart from what a command prints, as Docker's client draws it.
public final class Note {
    private static final String INDENT = "\n         ";

    private Note() {}

    /// The text with all around it.
    ///
    /// @param terminal whether it is for a terminal, where it has colours
    public static String of(List<String> lines, boolean terminal) {
        if (!terminal) {
            return "\n Info -> " + String.join(INDENT, lines) + "\n";
        }
        return "\n\033[1m\033[106m\033[30mi\033[0m\033[0m \033[96mInfo → \033[0m\033[0m"
                + lines.stream().map(line -> "\033[3m" + line + "\033[0m").collect(Collectors.joining(INDENT))
                + "\n";
    }
}
