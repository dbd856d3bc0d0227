package dev.gantry.cli.command;

import dev.gantry.cli.option.Flag;
import dev.gantry.cli.option.Kind;
import java.util.Locale;

/// Flags that several commands have.
public final class StandardFlags {
    private StandardFlags() {}

    /// `--filter NAME=VALUE`, with that shorthand or an empty one.
    public static Flag filter(String shorthand) {
        return Flag.of("filter", shorthand, Kind.LIST, "Condition that must hold, NAME=VALUE")
                .typed("filter")
                .checked(StandardFlags::checkFilter);
    }

    private static String checkFilter(String value) {
        int equals = value.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("bad format of filter (expected name=value)");
        }
        return value.substring(0, equals).strip().toLowerCase(Locale.ROOT)
                + "="
                + value.substring(equals + 1).strip();
    }

    /// `--format` of lists.
    public static Flag tableFormat() {
        return Flag.of("format", Kind.TEXT, """
                How to print:
                'table':           columns under headings
                'table TEMPLATE':  columns of a Go template
                'json':            one JSON object a line
                'TEMPLATE':        one line a Go template""");
    }

    /// `--format` of everything that prints objects.
    public static Flag inspectFormat() {
        return Flag.of("format", "f", Kind.TEXT, """
                How to print:
                'json':      compact JSON
                'TEMPLATE':  by a Go template""");
    }

    /// `--size` of inspect.
    public static Flag size() {
        return Flag.of("size", "s", Kind.BOOL, "Show how much a container's files take");
    }

    /// `--force` of commands that ask first.
    public static Flag force() {
        return Flag.of("force", "f", Kind.BOOL, "Do not ask");
    }
}
