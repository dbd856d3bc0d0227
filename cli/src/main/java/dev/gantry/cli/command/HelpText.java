package dev.gantry.cli.command;

import dev.gantry.cli.option.Flag;
import dev.gantry.cli.option.FlagHelp;
import java.util.Comparator;
import java.util.List;

/// Help pages in Docker's layout, made from a command's table.
public final class HelpText {
    private HelpText() {}

    /// The page of one command.
    ///
    /// @param path its full name, as in `gantry container ls`
    public static String page(Command command, String path, int columns) {
        StringBuilder out = new StringBuilder();
        out.append("Usage:  ").append(usageLine(command, path)).append("\n\n");
        out.append(command.summary()).append('\n');
        if (!command.paths().isEmpty()) {
            out.append("\nAliases:\n  ");
            out.append(String.join(
                    ", ", command.paths().stream().map(name -> "gantry " + name).toList()));
            out.append('\n');
        }
        if (command.isGroup()) {
            out.append("\nCommands:\n").append(commandLines(command.children()));
        }
        if (command.flags().stream().anyMatch(flag -> !flag.hidden())) {
            out.append("\nOptions:\n").append(FlagHelp.lines(command.flags(), columns));
        }
        if (command.isGroup()) {
            out.append("\nRun '").append(path).append(" COMMAND --help' for more information on a command.\n");
        }
        return out.toString();
    }

    /// The page of the program itself.
    public static String rootPage(Catalogue catalogue, int columns) {
        StringBuilder out = new StringBuilder("Usage:  gantry [OPTIONS] COMMAND\n\n");
        out.append(Catalogue.SUMMARY).append('\n');
        out.append("\nCommon Commands:\n").append(commandLines(catalogue.common(), false));
        out.append("\nManagement Commands:\n").append(commandLines(catalogue.groups()));
        out.append("\nCommands:\n").append(commandLines(catalogue.others()));
        out.append("\nGlobal Options:\n").append(FlagHelp.lines(catalogue.globalFlags(), columns));
        out.append("\nRun 'gantry COMMAND --help' for more information on a command.\n");
        return out.toString();
    }

    private static String commandLines(List<Command> commands) {
        return commandLines(commands, true);
    }

    private static String commandLines(List<Command> commands, boolean sorted) {
        List<Command> shown = sorted
                ? commands.stream().sorted(Comparator.comparing(Command::name)).toList()
                : commands;
        // cobra's least width of that column
        int widest = 11;
        for (Command command : commands) {
            widest = Math.max(widest, command.name().length());
        }
        StringBuilder out = new StringBuilder();
        for (Command command : shown) {
            out.append("  ").append(command.name());
            out.repeat(" ", widest - command.name().length() + 1);
            out.append(command.summary()).append('\n');
        }
        return out.toString();
    }

    /// The usage line without its heading.
    static String usageLine(Command command, String path) {
        return command.synopsis().isEmpty() ? path : path + " " + command.synopsis();
    }

    /// What follows a message about a wrong command line.
    static String hint(Command command, String path) {
        String usage = command.isGroup() ? path : usageLine(command, path);
        return "\n\nUsage:  " + usage + "\n\nRun '" + path + " --help' for more information";
    }

    /// Flags that help shows, for completion and the reference page.
    static List<Flag> shownFlags(Command command) {
        return command.flags().stream()
                .filter(flag -> !flag.hidden())
                .sorted(Comparator.comparing(Flag::name))
                .toList();
    }
}
