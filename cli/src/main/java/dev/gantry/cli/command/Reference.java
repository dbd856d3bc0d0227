package dev.gantry.cli.command;

import dev.gantry.cli.option.Flag;
import java.util.Comparator;
import java.util.List;

/// The reference page docs/cli.md, made from the tables of commands.
public final class Reference {
    private Reference() {}

    /// The page in Markdown.
    public static String page(Catalogue catalogue) {
        StringBuilder out = new StringBuilder("""
                # The gantry command

                Made from the tables that the program parses with; `CliReferenceTest` keeps it current.

                ## Global flags

                They stand before the command.

                """);
        flags(out, catalogue.globalFlags());
        catalogue.all().sorted(Comparator.comparing(Command::name)).forEach(command -> {
            if (command.isGroup()) {
                command.children().stream()
                        .sorted(Comparator.comparing(Command::name))
                        .forEach(child -> child(out, command, child));
            } else {
                command(out, command, "gantry " + command.name());
            }
        });
        return out.toString();
    }

    /// A command that also stands at the top is described there.
    private static void child(StringBuilder out, Command group, Command child) {
        String path = group.name() + " " + child.name();
        if (child.paths().contains(path) && child.paths().stream().anyMatch(name -> !name.contains(" "))) {
            return;
        }
        command(out, child, "gantry " + path);
    }

    private static void command(StringBuilder out, Command command, String path) {
        out.append("\n## ").append(path).append("\n\n");
        out.append(command.summary())
                .append(".\n\n```\n")
                .append(HelpText.usageLine(command, path))
                .append("\n```\n");
        List<String> others = command.paths().stream()
                .map(name -> "gantry " + name)
                .filter(name -> !name.equals(path))
                .map(name -> "`" + name + "`")
                .toList();
        if (!others.isEmpty()) {
            out.append("\nAlso: ").append(String.join(", ", others)).append(".\n");
        }
        List<Flag> shown = HelpText.shownFlags(command);
        if (!shown.isEmpty()) {
            out.append('\n');
            flags(out, shown);
        }
    }

    private static void flags(StringBuilder out, List<Flag> flags) {
        out.append("| flag | value | meaning |\n|---|---|---|\n");
        for (Flag flag : flags) {
            String letter = flag.shorthand().isEmpty() ? "" : "`-" + flag.shorthand() + "`, ";
            String meaning = flag.usage().replace("\n", "<br>").replace("|", "\\|");
            String fallback = flag.shownDefault().replace("|", "\\|");
            out.append("| ").append(letter).append("`--").append(flag.name()).append("` | ");
            out.append(flag.typeName())
                    .append(" | ")
                    .append(meaning)
                    .append(fallback)
                    .append(" |\n");
        }
    }
}
