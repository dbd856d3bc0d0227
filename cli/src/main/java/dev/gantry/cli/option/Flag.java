package dev.gantry.cli.option;

import java.util.function.UnaryOperator;

/// One flag of a command: everything that parsing, help, completion and the reference page need to know.
///
/// @param shorthand the one letter, or an empty string
/// @param typeName what help writes for the value; empty for truth values
/// @param fallback the value when the flag is not given
/// @param normalise checks a value and gives the form that is kept; complains with IllegalArgumentException
public record Flag(
        String name,
        String shorthand,
        Kind kind,
        String typeName,
        String usage,
        String fallback,
        boolean hidden,
        UnaryOperator<String> normalise) {

    /// A flag without shorthand.
    public static Flag of(String name, Kind kind, String usage) {
        return of(name, "", kind, usage);
    }

    /// A flag with a shorthand.
    public static Flag of(String name, String shorthand, Kind kind, String usage) {
        return new Flag(name, shorthand, kind, kind.typeName(), usage, "", false, UnaryOperator.identity());
    }

    /// The same flag with a default value.
    public Flag withDefault(String value) {
        return new Flag(name, shorthand, kind, typeName, usage, value, hidden, normalise);
    }

    /// The same flag with another word for its value in help.
    public Flag typed(String word) {
        return new Flag(name, shorthand, kind, word, usage, fallback, hidden, normalise);
    }

    /// The same flag with a check that also gives the form of the value that is kept.
    public Flag checked(UnaryOperator<String> check) {
        return new Flag(name, shorthand, kind, typeName, usage, fallback, hidden, check);
    }

    /// The same flag, left out of help and completion: an old spelling.
    public Flag asHidden() {
        return new Flag(name, shorthand, kind, typeName, usage, fallback, true, normalise);
    }

    /// How messages name the flag.
    String title() {
        return shorthand.isEmpty() ? "--" + name : "-" + shorthand + ", --" + name;
    }

    /// The default as help writes it, or an empty string for a default that is the type's zero.
    public String shownDefault() {
        boolean zero = fallback.isEmpty()
                || (kind == Kind.BOOL && fallback.equals("false"))
                || (kind == Kind.INT && fallback.equals("0"));
        if (zero) {
            return "";
        }
        return kind == Kind.TEXT ? " (default \"" + fallback + "\")" : " (default " + fallback + ")";
    }
}
