package dev.gantry.cli.format;

import dev.gantry.cli.template.Struct;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One row of a table as templates see it: names with values that are made when they are asked for.
public final class Row implements Struct {
    private final String typeName;
    private final Map<String, Supplier<@Nullable Object>> fields = new LinkedHashMap<>();
    private final Map<String, Function<String, String>> methods = new LinkedHashMap<>();

    private boolean ordered;

    /// A row of the type that error texts name.
    public Row(String typeName) {
        this.typeName = typeName;
    }

    /// Makes JSON show fields in the order in which they were added.
    public Row inOrder() {
        ordered = true;
        return this;
    }

    /// Adds a field; JSON shows fields in the order of their names, as Docker does.
    public Row with(String name, Supplier<@Nullable Object> value) {
        fields.put(name, value);
        return this;
    }

    /// Adds a method with one text as argument.
    public Row withMethod(String name, Function<String, String> method) {
        methods.put(name, method);
        return this;
    }

    @Override
    public String typeName() {
        return typeName;
    }

    @Override
    public boolean has(String name) {
        return fields.containsKey(name);
    }

    @Override
    public @Nullable Object field(String name) {
        Supplier<@Nullable Object> value = fields.get(name);
        return value == null ? null : value.get();
    }

    @Override
    public boolean hasMethod(String name) {
        return methods.containsKey(name);
    }

    @Override
    public @Nullable Object call(String name, String argument) {
        Function<String, String> method = methods.get(name);
        return method == null ? null : method.apply(argument);
    }

    @Override
    public boolean escapesHtml() {
        return true;
    }

    @Override
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        (ordered ? fields.keySet().stream() : fields.keySet().stream().sorted())
                .forEach(name -> json.put(name, field(name)));
        return json;
    }
}
