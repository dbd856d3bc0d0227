package dev.gantry.cli.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A parsed template: statements that write and expressions that have values.
sealed interface Node {
    /// The place in the source that messages give.
    int at();

    /// The node as Go writes it in messages; statements that no message names have an empty text.
    default String shown() {
        return "";
    }

    /// Literal text.
    record Text(int at, String text) implements Node {}

    /// `{{pipeline}}`
    record Print(int at, Pipe pipe) implements Node {}

    /// `{{if}}`
    record If(int at, Pipe pipe, List<Node> then, List<Node> otherwise) implements Node {}

    /// `{{with}}`
    record With(int at, Pipe pipe, List<Node> then, List<Node> otherwise) implements Node {}

    /// `{{range}}`
    record Range(int at, Pipe pipe, List<Node> each, List<Node> otherwise) implements Node {}

    /// `{{break}}` and `{{continue}}`
    record Jump(int at, boolean ends) implements Node {}

    /// `{{template "name" pipeline}}`
    record Call(int at, String name, @Nullable Pipe pipe) implements Node {
        @Override
        public String shown() {
            return "{{template \"" + name + "\"" + (pipe == null ? "" : " " + pipe.shown()) + "}}";
        }
    }

    /// What has a value.
    sealed interface Expression extends Node {
        @Override
        String shown();
    }

    /// Commands joined by `|`, with the variables that its value goes to.
    record Pipe(int at, List<String> variables, boolean declares, List<Command> commands) implements Expression {
        @Override
        public String shown() {
            String left = variables.isEmpty() ? "" : String.join(", ", variables) + (declares ? " := " : " = ");
            return left
                    + String.join(" | ", commands.stream().map(Command::shown).toList());
        }
    }

    /// A function, method or field with its arguments.
    record Command(int at, List<Expression> words) implements Expression {
        @Override
        public String shown() {
            return String.join(
                    " ",
                    words.stream()
                            .map(word -> word instanceof Pipe ? "(" + word.shown() + ")" : word.shown())
                            .toList());
        }
    }

    /// `.A.B`
    record Field(int at, List<String> names) implements Expression {
        @Override
        public String shown() {
            return "." + String.join(".", names);
        }
    }

    /// `$x.A.B`
    record Variable(int at, String name, List<String> fields) implements Expression {
        @Override
        public String shown() {
            return name + (fields.isEmpty() ? "" : "." + String.join(".", fields));
        }
    }

    /// `(pipeline).A.B`
    record Chain(int at, Expression start, List<String> fields) implements Expression {
        @Override
        public String shown() {
            String inner = start instanceof Pipe ? "(" + start.shown() + ")" : start.shown();
            return inner + "." + String.join(".", fields);
        }
    }

    /// The name of a function.
    record Function(int at, String name) implements Expression {
        @Override
        public String shown() {
            return name;
        }
    }

    /// `.`
    record Dot(int at) implements Expression {
        @Override
        public String shown() {
            return ".";
        }
    }

    /// `nil`, `true`, numbers and texts.
    record Constant(int at, @Nullable Object value, String shown) implements Expression {}
}
