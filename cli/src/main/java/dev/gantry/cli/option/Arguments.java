package dev.gantry.cli.option;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A parsed command line: the flags' values and what is left.
///
/// Asking for a flag that the command does not have is a bug and throws IllegalArgumentException.
public final class Arguments {
    private final Map<String, Flag> flags;
    private final Map<String, List<String>> given = new HashMap<>();
    private final List<String> operands = new ArrayList<>();

    Arguments(Map<String, Flag> flags) {
        this.flags = flags;
    }

    void add(Flag flag, String value) {
        List<String> values = given.computeIfAbsent(flag.name(), _ -> new ArrayList<>());
        if (!flag.kind().repeated()) {
            values.clear();
        }
        if (flag.kind() == Kind.STRINGS) {
            values.addAll(CommaSeparated.fields(value));
        } else {
            values.add(value);
        }
    }

    void addOperands(List<String> words) {
        operands.addAll(words);
    }

    private Flag flag(String name) {
        Flag flag = flags.get(name);
        if (flag == null) {
            throw new IllegalArgumentException("this command has no flag --" + name);
        }
        return flag;
    }

    /// Whether no flag was given.
    public boolean isEmpty() {
        return given.isEmpty();
    }

    /// Whether the flag was given at all.
    public boolean has(String name) {
        return given.containsKey(flag(name).name());
    }

    /// The value, or the default.
    public String text(String name) {
        List<String> values = given.get(flag(name).name());
        return values == null ? flag(name).fallback() : values.getLast();
    }

    /// Whether a truth value is true.
    public boolean isSet(String name) {
        String value = text(name);
        return !value.isEmpty() && GoNumbers.parseBool(value);
    }

    /// The value of a whole number; zero without a default.
    public long number(String name) {
        String value = text(name);
        return value.isEmpty() ? 0 : GoNumbers.parseInt(value);
    }

    /// The value of a number of bytes; zero without a default, -1 for unlimited.
    public long bytes(String name) {
        String value = text(name);
        if (value.isEmpty()) {
            return 0;
        }
        return value.equals("-1") ? -1 : ByteSize.parse(value);
    }

    /// The value of a time span; zero without a default.
    public Duration duration(String name) {
        String value = text(name);
        return value.isEmpty() ? Duration.ZERO : GoDuration.parse(value);
    }

    /// All values of a flag that may come again.
    public List<String> list(String name) {
        return List.copyOf(given.getOrDefault(flag(name).name(), List.of()));
    }

    /// The values `key=value` of a flag as a map; a key without a value has an empty one, the last of a key counts.
    public Map<String, String> map(String name) {
        Map<String, String> map = new LinkedHashMap<>();
        for (String value : list(name)) {
            int equals = value.indexOf('=');
            map.put(equals < 0 ? value : value.substring(0, equals), equals < 0 ? "" : value.substring(equals + 1));
        }
        return map;
    }

    /// What is no flag, in order.
    public List<String> operands() {
        return List.copyOf(operands);
    }

    /// The operand at that place, or an empty string.
    public String operand(int index) {
        return index < operands.size() ? operands.get(index) : "";
    }
}
