package dev.gantry.cli.format;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.template.Struct;
import dev.gantry.cli.template.Template;
import dev.gantry.cli.template.TemplateException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns rows into text by a `--format`: `table`, `table TEMPLATE`, `json` or a template.
public final class Formatter {
    /// The padding and least width of tables.
    private static final int PADDING = 3;

    private static final int LEAST_WIDTH = 10;

    private final boolean table;
    private final Template template;
    private final Map<String, String> headings;

    /// A formatter.
    ///
    /// @param format what the user gave, or the default of the command; a bare `table` must have been replaced
    /// @param headings what stands above a field of that name
    public Formatter(String format, Map<String, String> headings) throws CommandException {
        this.table = format.startsWith("table");
        this.headings = headings;
        String source = table ? format.substring("table".length()) : format.equals("json") ? "{{json .}}" : format;
        try {
            this.template = Template.parse(strip(source).replace("\\t", "\t").replace("\\n", "\n"));
        } catch (TemplateException e) {
            throw new CommandException("template parsing error: " + e.getMessage());
        }
    }

    private static String strip(String text) {
        int from = 0;
        int end = text.length();
        while (from < end && text.charAt(from) == ' ') {
            from++;
        }
        while (end > from && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(from, end);
    }

    /// The text of all rows, with the line of headings where it is a table.
    public String format(List<? extends Struct> rows) throws CommandException {
        StringBuilder out = new StringBuilder();
        try {
            if (table) {
                out.append(template.forHeader().execute(new Headings(headings))).append('\n');
            }
            for (Struct row : rows) {
                out.append(template.execute(row)).append('\n');
            }
        } catch (TemplateException e) {
            throw new CommandException("template parsing error: " + e.getMessage());
        }
        return table ? TabWriter.align(out.toString(), LEAST_WIDTH, PADDING) : out.toString();
    }

    /// Aligned columns of the kind that `version` prints.
    public static String align(String text, int leastWidth, int padding) {
        return TabWriter.align(text, leastWidth, padding);
    }

    /// The row of headings: a map, in which a name without heading has no value, and the method `Label`.
    private record Headings(Map<String, String> names) implements Struct {
        @Override
        public String typeName() {
            return "formatter.SubHeaderContext";
        }

        @Override
        public boolean has(String name) {
            return !name.equals("Label");
        }

        @Override
        public @Nullable Object field(String name) {
            return names.containsKey(name) ? names.get(name) : "<no value>";
        }

        @Override
        public boolean hasMethod(String name) {
            return name.equals("Label");
        }

        @Override
        public @Nullable Object call(String name, String argument) {
            String last = argument.substring(argument.lastIndexOf('.') + 1);
            return last.replace('-', ' ').replace('_', ' ');
        }

        @Override
        public Map<String, @Nullable Object> json() {
            return new LinkedHashMap<>(names);
        }
    }
}
