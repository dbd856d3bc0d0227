package dev.gantry.cli.option;

import java.util.ArrayList;
import java.util.List;

/// One line of comma-separated values with double quotes (RFC 4180), as `--mount` and pflag's string slices take it.
public final class CommaSeparated {
    private CommaSeparated() {}

    /// The fields of a line.
    ///
    /// @throws IllegalArgumentException for quotes that do not match, in the words of Go's encoding/csv
    public static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        if (line.isEmpty()) {
            return fields;
        }
        int at = 0;
        while (true) {
            StringBuilder field = new StringBuilder();
            at = line.startsWith("\"", at) ? quoted(line, at + 1, field) : bare(line, at, field);
            fields.add(field.toString());
            if (at >= line.length()) {
                return fields;
            }
            at++;
        }
    }

    private static int bare(String line, int from, StringBuilder field) {
        int comma = line.indexOf(',', from);
        int end = comma < 0 ? line.length() : comma;
        int quote = line.indexOf('"', from);
        if (quote >= 0 && quote < end) {
            throw new IllegalArgumentException(
                    "parse error on line 1, column " + (quote + 1) + ": bare \" in non-quoted-field");
        }
        field.append(line, from, end);
        return end;
    }

    private static int quoted(String line, int from, StringBuilder field) {
        int at = from;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (c != '"') {
                field.append(c);
                at++;
            } else if (line.startsWith("\"", at + 1)) {
                field.append('"');
                at += 2;
            } else if (at + 1 == line.length() || line.charAt(at + 1) == ',') {
                return at + 1;
            } else {
                break;
            }
        }
        throw new IllegalArgumentException(
                "parse error on line 1, column " + (at + 1) + ": extraneous or missing \" in quoted-field");
    }
}
