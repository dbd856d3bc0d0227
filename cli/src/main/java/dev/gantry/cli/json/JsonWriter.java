package dev.gantry.cli.json;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes JSON the way Go's encoder lays it out, compact or indented; `<`, `>` and `&` are escaped where asked for.
public final class JsonWriter {
    private final StringBuilder out = new StringBuilder();
    private final String indent;
    private final boolean escapeHtml;

    private JsonWriter(String indent, boolean escapeHtml) {
        this.indent = indent;
        this.escapeHtml = escapeHtml;
    }

    /// On one line, without HTML escapes: what a request body and the `json` template function want.
    public static String compact(JsonValue value) {
        return compactPlain(value.plain());
    }

    /// Plain Java values (as [JsonValue#plain] makes them) on one line.
    public static String compactPlain(@Nullable Object value) {
        return compactPlain(value, false);
    }

    /// The same, with or without escapes of `<`, `>` and `&`.
    public static String compactPlain(@Nullable Object value, boolean escapeHtml) {
        JsonWriter writer = new JsonWriter("", escapeHtml);
        writer.write(value, 0);
        return writer.out.toString();
    }

    /// Over several lines, four blanks for each level, escaped as Go's encoder does by default.
    public static String indented(JsonValue value) {
        return indentedBy("    ", value);
    }

    /// The same with a tabulator for each level, as Docker writes its own files.
    public static String tabbed(JsonValue value) {
        return indentedBy("\t", value);
    }

    /// The same with that indentation.
    public static String indentedBy(String indent, JsonValue value) {
        JsonWriter writer = new JsonWriter(indent, true);
        writer.write(value, 0);
        return writer.out.toString();
    }

    /// On one line, escaped as Go's encoder does by default.
    public static String escaped(JsonValue value) {
        JsonWriter writer = new JsonWriter("", true);
        writer.write(value, 0);
        return writer.out.toString();
    }

    private void write(@Nullable Object value, int depth) {
        switch (value) {
            case null -> out.append("null");
            case JsonValue.Text(var text) -> quote(text);
            case JsonValue.Numeral(var lexeme) -> out.append(lexeme);
            case JsonValue.Bool(var truth) -> out.append(truth);
            case JsonValue.Null _ -> out.append("null");
            case JsonValue.Items(var values) -> list(values, depth);
            case JsonValue.Fields(var members) -> map(members, depth);
            case String text -> quote(text);
            case List<?> values -> list(values, depth);
            case Map<?, ?> members -> map(members, depth);
            case Double number
            when number == Math.rint(number) && Math.abs(number) < 1e15 -> out.append(number.longValue());
            default -> out.append(value);
        }
    }

    private void list(List<?> values, int depth) {
        if (values.isEmpty()) {
            out.append("[]");
            return;
        }
        out.append('[');
        for (Iterator<?> each = values.iterator(); each.hasNext(); ) {
            newLine(depth + 1);
            write(each.next(), depth + 1);
            separate(each);
        }
        newLine(depth);
        out.append(']');
    }

    private void map(Map<?, ?> members, int depth) {
        if (members.isEmpty()) {
            out.append("{}");
            return;
        }
        out.append('{');
        for (Iterator<? extends Map.Entry<?, ?>> each = members.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<?, ?> member = each.next();
            newLine(depth + 1);
            quote(String.valueOf(member.getKey()));
            out.append(indent.isEmpty() ? ":" : ": ");
            write(member.getValue(), depth + 1);
            separate(each);
        }
        newLine(depth);
        out.append('}');
    }

    private void separate(Iterator<?> each) {
        if (each.hasNext()) {
            out.append(',');
        }
    }

    private void newLine(int depth) {
        if (!indent.isEmpty()) {
            out.append('\n').repeat(indent, depth);
        }
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            character(text.charAt(i));
        }
        out.append('"');
    }

    private void character(char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '<', '>', '&' -> {
                if (escapeHtml) {
                    unicode(c);
                } else {
                    out.append(c);
                }
            }
            default -> {
                // U+2028 and U+2029: Go escapes them always, for JavaScript's sake
                if (c < 0x20 || c == 0x2028 || c == 0x2029) {
                    unicode(c);
                } else {
                    out.append(c);
                }
            }
        }
    }

    private void unicode(char c) {
        out.append("\\u").append(String.format("%04x", (int) c));
    }
}
