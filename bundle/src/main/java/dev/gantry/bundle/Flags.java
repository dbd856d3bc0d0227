package dev.gantry.bundle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Arguments by the grammar of Go's package `flag`, which runc's commands have: one or two dashes, `-name value`,
/// `-name=value`, switches without a value; the first word that is no flag ends them.
///
/// @param values what was given, in order, by the flag's long name
/// @param operands what follows the flags
record Flags(Map<String, List<String>> values, List<String> operands) {

    /// The flags that a command has.
    ///
    /// @param switches that have no value
    /// @param valued that have one
    /// @param letters long names by short ones
    record Known(Set<String> switches, Set<String> valued, Map<String, String> letters) {}

    /// Reads arguments.
    ///
    /// @throws CommandException for a flag that is not known or lacks its value
    static Flags parse(Known known, List<String> arguments) throws CommandException {
        Map<String, List<String>> values = new LinkedHashMap<>();
        int at = 0;
        while (at < arguments.size() && isFlag(arguments.get(at))) {
            String argument = arguments.get(at++);
            if (argument.equals("--")) {
                break;
            }
            String flag = argument.startsWith("--") ? argument.substring(2) : argument.substring(1);
            int equals = flag.indexOf('=');
            String given = equals < 0 ? flag : flag.substring(0, equals);
            String name = known.letters().getOrDefault(given, given);
            if (!known.switches().contains(name) && !known.valued().contains(name)) {
                throw new CommandException("flag provided but not defined: -" + given);
            }
            String value;
            if (equals >= 0) {
                value = flag.substring(equals + 1);
            } else if (known.switches().contains(name)) {
                value = "true";
            } else if (at < arguments.size()) {
                value = arguments.get(at++);
            } else {
                throw new CommandException("flag needs an argument: -" + given);
            }
            values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
        }
        return new Flags(values, arguments.subList(at, arguments.size()));
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
