package dev.gantry.cli.command;

import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.option.Flag;
import dev.gantry.cli.option.Parser;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// One command: the table from which parsing, help, completion and the reference page are made.
///
/// @param name its last word
/// @param aliases other words for it, within its group
/// @param paths all full names of the same command, for help's list of aliases; empty for a single name
/// @param synopsis what follows the name in the usage line
/// @param summary one line for lists of commands and the top of its help
/// @param completes what its operands are, for completion
/// @param interspersed whether flags may follow operands
public record Command(
        String name,
        List<String> aliases,
        List<String> paths,
        String synopsis,
        String summary,
        Operands operands,
        Completes completes,
        boolean interspersed,
        List<Flag> flags,
        List<Command> children,
        Action action) {

    public Command {
        aliases = List.copyOf(aliases);
        paths = List.copyOf(paths);
        flags = List.copyOf(flags);
        children = List.copyOf(children);
    }

    /// What a command does. The result is the exit code.
    @FunctionalInterface
    public interface Action {
        /// Runs it.
        int run(Session session, Arguments arguments) throws IOException;
    }

    /// What a command's operands name.
    public enum Completes {
        /// Nothing that could be listed.
        NOTHING,
        /// Containers, whatever their state.
        CONTAINERS,
        /// Containers that run.
        RUNNING,
        /// Containers that do not run.
        STOPPED,
        /// Images.
        IMAGES,
        /// Images for the first operand, then a command.
        IMAGE_THEN_COMMAND,
        /// Volumes.
        VOLUMES,
        /// Containers and images.
        OBJECTS,
        /// Files.
        FILES
    }

    /// A command with operands and flags.
    public static Command of(String name, String synopsis, String summary, Operands operands, Action action) {
        return new Command(
                name,
                List.of(),
                List.of(),
                synopsis,
                summary,
                operands,
                Completes.NOTHING,
                true,
                List.of(),
                List.of(),
                action);
    }

    /// A group of commands; on its own it prints its help.
    public static Command group(String name, String summary, List<Command> children) {
        return new Command(
                name,
                List.of(),
                List.of(),
                "COMMAND",
                summary,
                Operands.ANY,
                Completes.NOTHING,
                false,
                List.of(),
                children,
                (_, _) -> {
                    throw new IllegalStateException("a group has no action");
                });
    }

    /// The same command with flags.
    public Command with(List<Flag> more) {
        return new Command(
                name, aliases, paths, synopsis, summary, operands, completes, interspersed, more, children, action);
    }

    /// The same command with operands of that kind.
    public Command completing(Completes what) {
        return new Command(
                name, aliases, paths, synopsis, summary, operands, what, interspersed, flags, children, action);
    }

    /// The same command whose first operand ends its flags.
    public Command withFlagsFirst() {
        return new Command(
                name, aliases, paths, synopsis, summary, operands, completes, false, flags, children, action);
    }

    /// The same command under another name and with other aliases.
    public Command as(String otherName, String... otherAliases) {
        return new Command(
                otherName,
                List.of(otherAliases),
                paths,
                synopsis,
                summary,
                operands,
                completes,
                interspersed,
                flags,
                children,
                action);
    }

    /// The same command, known under all these full names.
    public Command alsoKnownAs(String... fullNames) {
        return new Command(
                name,
                aliases,
                List.of(fullNames),
                synopsis,
                summary,
                operands,
                completes,
                interspersed,
                flags,
                children,
                action);
    }

    /// Whether this is a group of commands.
    public boolean isGroup() {
        return !children.isEmpty();
    }

    /// The command of that name in this group.
    public Optional<Command> child(String word) {
        return children.stream()
                .filter(child -> child.name.equals(word) || child.aliases.contains(word))
                .findFirst();
    }

    Parser parser() {
        return new Parser(flags, interspersed);
    }
}
