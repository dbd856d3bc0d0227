package dev.gantry.cli.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a Go struct with methods is to a template: a fixed set of names.
public interface Struct {
    /// The type as error texts name it, like `*formatter.ContainerContext`.
    String typeName();

    /// Whether there is a field, or a method without arguments, of that name.
    boolean has(String name);

    /// The value of a field that [#has] knows.
    @Nullable
    Object field(String name);

    /// Whether there is a method of that name with one text as argument.
    default boolean hasMethod(String name) {
        return false;
    }

    /// Calls a method that [#hasMethod] knows.
    default @Nullable Object call(String name, String argument) {
        throw new IllegalArgumentException("no method " + name);
    }

    /// The fields as JSON shows them, in order.
    Map<String, @Nullable Object> json();

    /// Whether JSON of it escapes `<`, `>` and `&`, as Go does for types that write their own JSON.
    default boolean escapesHtml() {
        return false;
    }

    /// The problem with a name that [#has] does not know.
    default String missing(String name) {
        return "can't evaluate field " + name + " in type " + typeName();
    }

    /// The values that are printed where the whole struct is.
    default List<@Nullable Object> printed() {
        return List.copyOf(json().values());
    }
}
