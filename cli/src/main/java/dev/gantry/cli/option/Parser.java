package dev.gantry.cli.option;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Parses words into [Arguments] by pflag's grammar: `--flag=value`, `--flag value`, `-f value`, `-fvalue`,
/// `-f=value`, several letters behind one dash, `--` as end of the flags.
public final class Parser {
    private final Map<String, Flag> byName = new LinkedHashMap<>();
    private final Map<String, Flag> byLetter = new HashMap<>();
    private final boolean interspersed;

    /// A parser for these flags; without `interspersed`, the first operand ends the flags.
    public Parser(List<Flag> flags, boolean interspersed) {
        this.interspersed = interspersed;
        for (Flag flag : flags) {
            byName.put(flag.name(), flag);
            if (!flag.shorthand().isEmpty()) {
                byLetter.put(flag.shorthand(), flag);
            }
        }
    }

    /// Parses all words.
    ///
    /// @throws HelpRequested when help is asked for where no flag takes that name
    public Arguments parse(List<String> words) throws UsageException, HelpRequested {
        Arguments arguments = new Arguments(byName);
        int at = 0;
        while (at < words.size()) {
            String word = words.get(at);
            if (word.length() < 2 || word.charAt(0) != '-') {
                if (!interspersed) {
                    arguments.addOperands(words.subList(at, words.size()));
                    return arguments;
                }
                arguments.addOperands(List.of(word));
                at++;
            } else if (word.equals("--")) {
                arguments.addOperands(words.subList(at + 1, words.size()));
                return arguments;
            } else if (word.charAt(1) == '-') {
                at = longFlag(arguments, words, at);
            } else {
                at = shortFlags(arguments, words, at);
            }
        }
        return arguments;
    }

    private int longFlag(Arguments arguments, List<String> words, int at) throws UsageException, HelpRequested {
        String word = words.get(at).substring(2);
        if (word.startsWith("-") || word.startsWith("=")) {
            throw new UsageException("bad flag syntax: " + words.get(at));
        }
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        Flag flag = byName.get(name);
        if (flag == null) {
            if (name.equals("help")) {
                throw new HelpRequested();
            }
            throw new UsageException("unknown flag: --" + name);
        }
        if (equals >= 0) {
            set(arguments, flag, word.substring(equals + 1));
            return at + 1;
        }
        if (flag.kind() == Kind.BOOL) {
            set(arguments, flag, "true");
            return at + 1;
        }
        if (at + 1 == words.size()) {
            throw new UsageException("flag needs an argument: --" + name);
        }
        set(arguments, flag, words.get(at + 1));
        return at + 2;
    }

    private int shortFlags(Arguments arguments, List<String> words, int at) throws UsageException, HelpRequested {
        String letters = words.get(at).substring(1);
        for (int i = 0; i < letters.length(); i++) {
            String letter = letters.substring(i, i + 1);
            String rest = letters.substring(i + 1);
            Flag flag = byLetter.get(letter);
            if (flag == null) {
                if (letter.equals("h")) {
                    throw new HelpRequested();
                }
                throw new UsageException("unknown shorthand flag: '" + letter + "' in -" + letters.substring(i));
            }
            if (rest.length() > 1 && rest.charAt(0) == '=') {
                set(arguments, flag, rest.substring(1));
                return at + 1;
            }
            if (flag.kind() == Kind.BOOL) {
                set(arguments, flag, "true");
                continue;
            }
            if (!rest.isEmpty()) {
                set(arguments, flag, rest);
                return at + 1;
            }
            if (at + 1 == words.size()) {
                throw new UsageException("flag needs an argument: '" + letter + "' in -" + letters.substring(i));
            }
            set(arguments, flag, words.get(at + 1));
            return at + 2;
        }
        return at + 1;
    }

    private static void set(Arguments arguments, Flag flag, String value) throws UsageException {
        try {
            flag.kind().check(value);
            arguments.add(flag, flag.normalise().apply(value));
        } catch (IllegalArgumentException e) {
            throw new UsageException("invalid argument " + GoQuote.quote(value) + " for \"" + flag.title() + "\" flag: "
                    + e.getMessage());
        }
    }

    /// `--help` was given: not a mistake, but the end of parsing.
    public static final class HelpRequested extends Exception {
        private static final long serialVersionUID = 1;
    }
}
