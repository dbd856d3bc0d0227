package dev.gantry.bundle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Arguments by the grammar of Go's package `flag`, which runc's commands have: one or two dashes, `-name value`,
/// `-name=value`, switches without a value; `--` ends them. Those of a command stand before or after its operands, as
/// runc's do, unless what follows the first operand is another program's.
///
/// @param values what was given, in order, by the flag's long name
/// @param operands what is no flag
record Flags(Map<String, List<String>> values, List<String> operands) {

    private static final String END = "--";

    /// The flags that a command has.
    ///
    /// @param switches that have no value
    /// @param valued that have one
    /// @param letters long names by short ones
    /// @param leading whether the first word that is no flag ends them
    record Known(Set<String> switches, Set<String> valued, Map<String, String> letters, boolean leading) {
        /// Flags that may follow operands.
        Known(Set<String> switches, Set<String> valued, Map<String, String> letters) {
            this(switches, valued, letters, false);
        }

        /// The same flags, before the operands only.
        Known beforeOperands() {
            return new Known(switches, valued, letters, true);
        }

        private boolean has(String name) {
            return switches.contains(name) || valued.contains(name);
        }
    }

    /// A word that is a flag.
    ///
    /// @param given its name as it is written
    /// @param name its long name
    /// @param value what follows `=`
    private record Word(String given, String name, @Nullable String value) {
        static Word of(Known known, String argument) {
            String flag = argument.startsWith("--") ? argument.substring(2) : argument.substring(1);
            int equals = flag.indexOf('=');
            String given = equals < 0 ? flag : flag.substring(0, equals);
            return new Word(
                    given, known.letters().getOrDefault(given, given), equals < 0 ? null : flag.substring(equals + 1));
        }
    }

    /// Reads arguments.
    ///
    /// @throws CommandException for a flag that is not known or lacks its value
    static Flags parse(Known known, List<String> arguments) throws CommandException {
        Map<String, List<String>> values = new LinkedHashMap<>();
        List<String> operands = new ArrayList<>();
        int at = 0;
        while (at < arguments.size() && !(known.leading() && !operands.isEmpty())) {
            String argument = arguments.get(at++);
            if (argument.equals(END)) {
                break;
            }
            Word word = isFlag(argument) ? Word.of(known, argument) : null;
            if (word == null || (!operands.isEmpty() && !known.has(word.name()))) {
                operands.add(argument);
            } else if (!known.has(word.name())) {
                throw new CommandException("flag provided but not defined: -" + word.given());
            } else {
                String value = word.value();
                if (value == null && known.switches().contains(word.name())) {
                    value = "true";
                } else if (value == null && at < arguments.size()) {
                    value = arguments.get(at++);
                } else if (value == null) {
                    throw new CommandException("flag needs an argument: -" + word.given());
                }
                values.computeIfAbsent(word.name(), _ -> new ArrayList<>()).add(value);
            }
        }
        operands.addAll(arguments.subList(at, arguments.size()));
        return new Flags(values, List.copyOf(operands));
    }

    private static boolean isFlag(String argument) {
        return argument.length() > 1 && argument.startsWith("-");
    }

    boolean isSet(String name) {
        return last(name).filter(value -> value.equals("true")).isPresent();
    }

    Optional<String> last(String name) {
        return Optional.ofNullable(values.get(name)).map(List::getLast);
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /// The only operand: a container's ID.
    String id() throws CommandException {
        if (operands.size() != 1) {
            throw new CommandException("want exactly one argument, the container's ID; got " + operands.size());
        }
        return operands.getFirst();
    }
}
