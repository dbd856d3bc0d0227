package dev.gantry.daemon;

import dev.gantry.daemon.Option.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The daemon's arguments, read with the grammar of dockerd's flag library: `--name value`, `--name=value`, `-n value`,
/// `-nvalue`, `-D`; switches take their value after `=` only.
final class CommandLine {
    private CommandLine() {}

    /// The values given, by flag name, in their order.
    ///
    /// @throws UsageException with dockerd's text for an unknown flag, a missing value or an argument
    static Map<String, List<String>> parse(List<String> arguments) throws UsageException {
        Map<String, List<String>> given = new LinkedHashMap<>();
        Deque<String> rest = new ArrayDeque<>(arguments);
        while (!rest.isEmpty()) {
            String argument = rest.pop();
            if (argument.startsWith("--") && argument.length() > 2) {
                longFlag(argument.substring(2), rest, given);
            } else if (argument.startsWith("-") && argument.length() > 1) {
                shortFlags(argument, rest, given);
            } else {
                throw new UsageException("\"gantry daemon\" accepts no arguments, got \"" + argument + '"');
            }
        }
        return given;
    }

    private static void longFlag(String flag, Deque<String> rest, Map<String, List<String>> given)
            throws UsageException {
        int equals = flag.indexOf('=');
        String name = equals < 0 ? flag : flag.substring(0, equals);
        Option option = Options.named(name).orElseThrow(() -> new UsageException("unknown flag: --" + name));
        if (equals >= 0) {
            put(option, flag.substring(equals + 1), given);
        } else if (option.kind() == Kind.SWITCH) {
            put(option, "true", given);
        } else {
            put(option, next(rest, "flag needs an argument: --" + name), given);
        }
    }

    private static void shortFlags(String argument, Deque<String> rest, Map<String, List<String>> given)
            throws UsageException {
        for (int at = 1; at < argument.length(); at++) {
            char letter = argument.charAt(at);
            Option option = Options.lettered(letter)
                    .orElseThrow(() -> new UsageException("unknown shorthand flag: '" + letter + "' in " + argument));
            if (option.kind() != Kind.SWITCH) {
                String value = argument.substring(at + 1);
                if (value.startsWith("=")) {
                    value = value.substring(1);
                } else if (value.isEmpty()) {
                    value = next(rest, "flag needs an argument: '" + letter + "' in " + argument);
                }
                put(option, value, given);
                return;
            }
            put(option, "true", given);
        }
    }

    private static String next(Deque<String> rest, String complaint) throws UsageException {
        if (rest.isEmpty()) {
            throw new UsageException(complaint);
        }
        return rest.pop();
    }

    private static void put(Option option, String value, Map<String, List<String>> given) throws UsageException {
        if (option.kind() == Kind.SWITCH && !value.equals("true") && !value.equals("false")) {
            throw new UsageException(
                    "invalid argument \"" + value + "\" for \"--" + option.name() + "\" flag: want true or false");
        }
        List<String> values = given.computeIfAbsent(option.name(), _ -> new ArrayList<>());
        if (option.kind() != Kind.LIST) {
            values.clear();
        }
        values.add(value);
    }
}
