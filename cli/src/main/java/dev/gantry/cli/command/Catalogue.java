package dev.gantry.cli.command;

import dev.gantry.cli.option.Flag;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// All commands, as help sorts them.
///
/// @param common the ones people use first, in that order
/// @param groups groups of commands about one kind of thing
/// @param others every other command at the top
/// @param absent names of Docker's commands that are not here, each with a sentence that says so
public record Catalogue(
        List<Flag> globalFlags, List<Command> common, List<Command> groups, List<Command> others, Absent absent) {
    static final String SUMMARY = "Containers, each started by a program of system calls made for it";

    public Catalogue {
        globalFlags = List.copyOf(globalFlags);
        common = List.copyOf(common);
        groups = List.copyOf(groups);
        others = List.copyOf(others);
    }

    /// Says why a known command is not here.
    @FunctionalInterface
    public interface Absent {
        /// The sentence, or empty for a name that nobody knows.
        Optional<String> explain(List<String> words);
    }

    /// The top command of that name.
    Optional<Command> find(String word) {
        return all().filter(command ->
                        command.name().equals(word) || command.aliases().contains(word))
                .findFirst();
    }

    /// Every top command.
    public Stream<Command> all() {
        return Stream.of(common, groups, others).flatMap(List::stream);
    }
}
