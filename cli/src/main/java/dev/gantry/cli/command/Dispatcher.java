package dev.gantry.cli.command;

import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.option.Parser;
import dev.gantry.cli.option.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds the command that the words name, parses its flags and runs it.
///
/// Exit codes are Docker's: 125 for a wrong flag, 1 for wrong operands and unknown commands, else the command's own.
public final class Dispatcher {
    private static final int BAD_FLAG = 125;

    private final Catalogue catalogue;
    private final PrintStream out;
    private final PrintStream err;
    private final int columns;

    /// Makes the session of a command from the global flags.
    @FunctionalInterface
    public interface SessionFactory {
        /// The session.
        Session open(Arguments global) throws IOException;
    }

    /// A dispatcher that prints help for a screen that many columns wide.
    public Dispatcher(Catalogue catalogue, PrintStream out, PrintStream err, int columns) {
        this.catalogue = catalogue;
        this.out = out;
        this.err = err;
        this.columns = columns;
    }

    /// Runs the command line and gives the exit code. `versionLine` is what `--version` prints.
    public int run(List<String> words, String versionLine, SessionFactory sessions) {
        Arguments global;
        try {
            global = new Parser(catalogue.globalFlags(), false).parse(words);
        } catch (Parser.HelpRequested _) {
            out.print(HelpText.rootPage(catalogue, columns));
            return 0;
        } catch (UsageException e) {
            err.println(e.getMessage()
                    + "\n\nUsage:  gantry [OPTIONS] COMMAND [ARG...]\n\nRun 'gantry --help' for more information");
            return BAD_FLAG;
        }
        if (global.isSet("version")) {
            out.println(versionLine);
            return 0;
        }
        List<String> rest = global.operands();
        if (rest.isEmpty()) {
            out.print(HelpText.rootPage(catalogue, columns));
            return 0;
        }
        if (rest.getFirst().equals("help")) {
            return help(rest.subList(1, rest.size()));
        }
        Optional<Command> top = catalogue.find(rest.getFirst());
        if (top.isEmpty()) {
            return unknown(
                    rest.subList(0, 1), "gantry " + rest.getFirst(), "\n\nRun 'gantry --help' for more information");
        }
        return descend(top.get(), "gantry " + top.get().name(), rest, 1, global, sessions);
    }

    private int descend(
            Command command, String path, List<String> words, int at, Arguments global, SessionFactory sessions) {
        if (!command.isGroup()) {
            return execute(command, path, words.subList(at, words.size()), global, sessions);
        }
        if (at == words.size()
                || words.get(at).equals("--help")
                || words.get(at).equals("-h")) {
            out.print(HelpText.page(command, path, columns));
            return 0;
        }
        String word = words.get(at);
        if (word.startsWith("-")) {
            return badFlag(command, path, "unknown flag: " + word);
        }
        Optional<Command> child = command.child(word);
        if (child.isEmpty()) {
            return unknown(words.subList(0, at + 1), path + " " + word, HelpText.hint(command, path));
        }
        return descend(child.get(), path + " " + child.get().name(), words, at + 1, global, sessions);
    }

    private int unknown(List<String> words, String path, String hint) {
        Optional<String> explanation = catalogue.absent().explain(words);
        if (explanation.isPresent()) {
            err.println("gantry: " + explanation.get());
        } else {
            err.println("gantry: unknown command: " + path + hint);
        }
        return 1;
    }

    private int badFlag(Command command, String path, String problem) {
        err.println(problem + HelpText.hint(command, path));
        return BAD_FLAG;
    }

    private int execute(Command command, String path, List<String> words, Arguments global, SessionFactory sessions) {
        Arguments arguments;
        try {
            arguments = command.parser().parse(words);
        } catch (Parser.HelpRequested _) {
            out.print(HelpText.page(command, path, columns));
            return 0;
        } catch (UsageException e) {
            return badFlag(command, path, String.valueOf(e.getMessage()));
        }
        Optional<String> problem =
                command.operands().problem(arguments.operands().size());
        if (problem.isPresent()) {
            err.println("gantry: '" + path + "' " + problem.get() + HelpText.hint(command, path));
            return 1;
        }
        try {
            return command.action().run(sessions.open(global), arguments);
        } catch (CommandException e) {
            say(e.getMessage());
            return e.code();
        } catch (IOException e) {
            say(e.getMessage());
            return 1;
        }
    }

    private void say(@Nullable String message) {
        out.flush();
        if (message != null && !message.isEmpty()) {
            err.println(message);
        }
    }

    private int help(List<String> words) {
        if (words.isEmpty()) {
            out.print(HelpText.rootPage(catalogue, columns));
            return 0;
        }
        Optional<Command> found = catalogue.find(words.getFirst());
        String path = "gantry " + words.getFirst();
        for (String word : words.subList(1, words.size())) {
            found = found.flatMap(command -> command.child(word));
            path += " " + word;
        }
        if (found.isEmpty()) {
            err.println("unknown help topic: " + String.join(" ", words));
            return 1;
        }
        out.print(HelpText.page(found.get(), path, columns));
        return 0;
    }
}
