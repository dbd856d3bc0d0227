package dev.gantry.cli.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Walks a parsed template and writes its output.
final class Executor {
    /// Go's limit is 100000; templates that call themselves deeper than this are mistakes
    private static final int DEPTH = 1000;

    private final String name;
    private final String source;
    private final Map<String, List<Node>> definitions;
    private final Evaluator evaluator;
    private final StringBuilder out = new StringBuilder();
    private int depth;

    Executor(
            String name, String source, Map<String, List<Node>> definitions, Map<String, Builtins.Function> functions) {
        this.name = name;
        this.source = source;
        this.definitions = definitions;
        this.evaluator = new Evaluator(functions);
    }

    String run(@Nullable Object data) throws TemplateException {
        try {
            evaluator.push("$", data);
            walk(definitions.getOrDefault(name, List.of()), data);
            return out.toString();
        } catch (Failure failure) {
            throw new TemplateException(message(failure));
        } catch (Jump _) {
            throw new TemplateException("template: " + name + ": break outside of range");
        }
    }

    private String message(Failure failure) {
        int at = failure.node.at();
        String before = source.substring(0, Math.min(at, source.length()));
        int lineStart = before.lastIndexOf('\n') + 1;
        long line = 1 + before.chars().filter(c -> c == '\n').count();
        String shown = failure.node.shown();
        return "template: " + name + ":" + line + ":" + (at - lineStart) + ": executing \"" + name + "\" at <" + shown
                + ">: " + failure.getMessage();
    }

    private void walk(List<Node> nodes, @Nullable Object dot) throws Failure, Jump {
        for (Node node : nodes) {
            walk(node, dot);
        }
    }

    private void walk(Node node, @Nullable Object dot) throws Failure, Jump {
        switch (node) {
            case Node.Text(var _, var text) -> out.append(text);
            case Node.Print(var _, var pipe) -> {
                Object value = evaluator.pipe(pipe, dot);
                if (pipe.variables().isEmpty()) {
                    out.append(Value.print(value));
                }
            }
            case Node.If(var _, var pipe, var then, var otherwise) ->
                scoped(() -> walk(Value.isTrue(evaluator.pipe(pipe, dot)) ? then : otherwise, dot));
            case Node.With(var _, var pipe, var then, var otherwise) ->
                scoped(() -> {
                    Object value = evaluator.pipe(pipe, dot);
                    if (Value.isTrue(value)) {
                        walk(then, value);
                    } else {
                        walk(otherwise, dot);
                    }
                });
            case Node.Range range -> scoped(() -> range(range, dot));
            case Node.Jump(var _, var ends) -> throw new Jump(ends);
            case Node.Call call -> call(call, dot);
            case Node.Expression _ -> throw new IllegalStateException("an expression is no statement");
        }
    }

    private void scoped(Step step) throws Failure, Jump {
        int mark = evaluator.mark();
        try {
            step.run();
        } finally {
            evaluator.release(mark);
        }
    }

    private void range(Node.Range range, @Nullable Object dot) throws Failure, Jump {
        Object value = evaluator.pipe(range.pipe(), dot, false);
        List<@Nullable Object> keys = new ArrayList<>();
        List<@Nullable Object> values = new ArrayList<>();
        switch (value) {
            case List<?> list ->
                list.forEach(element -> {
                    keys.add((long) keys.size());
                    values.add(element);
                });
            case Map<?, ?> map ->
                Value.sorted(map).forEach((key, element) -> {
                    keys.add(key);
                    values.add(element);
                });
            case Long count -> {
                for (long i = 0; i < count; i++) {
                    keys.add(i);
                    values.add(i);
                }
            }
            case null -> {}
            default -> {
                if (!(value instanceof Value.None)) {
                    throw new Failure(range.pipe(), "range can't iterate over " + Value.print(value));
                }
            }
        }
        if (values.isEmpty()) {
            walk(range.otherwise(), dot);
            return;
        }
        loop(range, keys, values);
    }

    private void loop(Node.Range range, List<@Nullable Object> keys, List<@Nullable Object> values)
            throws Failure, Jump {
        List<String> variables = range.pipe().variables();
        for (int i = 0; i < values.size(); i++) {
            int mark = evaluator.mark();
            if (variables.size() == 2) {
                evaluator.bind(variables.get(0), keys.get(i), range.pipe().declares());
                evaluator.bind(variables.get(1), values.get(i), range.pipe().declares());
            } else if (variables.size() == 1) {
                evaluator.bind(variables.get(0), values.get(i), range.pipe().declares());
            }
            try {
                walk(range.each(), values.get(i));
            } catch (Jump jump) {
                if (jump.ends) {
                    return;
                }
            } finally {
                evaluator.release(mark);
            }
        }
    }

    private void call(Node.Call call, @Nullable Object dot) throws Failure, Jump {
        List<Node> body = definitions.get(call.name());
        if (body == null) {
            throw new Failure(call, "template \"" + call.name() + "\" not defined");
        }
        depth++;
        if (depth > DEPTH) {
            throw new Failure(call, "exceeded maximum template depth (" + DEPTH + ")");
        }
        Node.Pipe pipe = call.pipe();
        Object data = pipe == null ? Value.NONE : evaluator.pipe(pipe, dot);
        Evaluator.Scope outer = evaluator.enter(data);
        walk(body, data);
        evaluator.leave(outer);
        depth--;
    }

    @FunctionalInterface
    private interface Step {
        void run() throws Failure, Jump;
    }

    /// `break` and `continue` on their way to their loop.
    private static final class Jump extends Exception {
        private static final long serialVersionUID = 1;
        private final boolean ends;

        Jump(boolean ends) {
            super(null, null, false, false);
            this.ends = ends;
        }
    }

    /// A problem and the node at which it was found.
    static final class Failure extends Exception {
        private static final long serialVersionUID = 1;
        private final transient Node node;

        Failure(Node node, String problem) {
            super(problem);
            this.node = node;
        }
    }
}
