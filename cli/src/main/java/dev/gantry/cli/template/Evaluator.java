package dev.gantry.cli.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Gives expressions their values.
final class Evaluator {
    private final Map<String, Builtins.Function> functions;
    private List<Binding> bindings = new ArrayList<>();

    Evaluator(Map<String, Builtins.Function> functions) {
        this.functions = functions;
    }

    /// The variables of one template.
    record Scope(List<Binding> bindings) {}

    private static final class Binding {
        private final String name;
        private @Nullable Object value;

        Binding(String name, @Nullable Object value) {
            this.name = name;
            this.value = value;
        }
    }

    void push(String name, @Nullable Object value) {
        bindings.add(new Binding(name, value));
    }

    int mark() {
        return bindings.size();
    }

    void release(int mark) {
        bindings.subList(mark, bindings.size()).clear();
    }

    Scope enter(@Nullable Object data) {
        Scope outer = new Scope(bindings);
        bindings = new ArrayList<>();
        push("$", data);
        return outer;
    }

    void leave(Scope outer) {
        bindings = outer.bindings();
    }

    void bind(String name, @Nullable Object value, boolean declares) {
        if (declares) {
            push(name, value);
        } else {
            find(name).value = value;
        }
    }

    private Binding find(String name) {
        for (int i = bindings.size() - 1; i >= 0; i--) {
            if (bindings.get(i).name.equals(name)) {
                return bindings.get(i);
            }
        }
        throw new IllegalStateException("the parser let an unknown variable pass: " + name);
    }

    @Nullable
    Object pipe(Node.Pipe pipe, @Nullable Object dot) throws Executor.Failure {
        return pipe(pipe, dot, true);
    }

    /// A range binds its variables itself, anew for each element.
    @Nullable
    Object pipe(Node.Pipe pipe, @Nullable Object dot, boolean binds) throws Executor.Failure {
        Object value = Value.NONE;
        boolean first = true;
        for (Node.Command command : pipe.commands()) {
            value = command(command, dot, value, !first);
            first = false;
        }
        if (binds) {
            for (String name : pipe.variables()) {
                bind(name, value, pipe.declares());
            }
        }
        return value;
    }

    private @Nullable Object command(
            Node.Command command, @Nullable Object dot, @Nullable Object piped, boolean hasPiped)
            throws Executor.Failure {
        Node.Expression first = command.words().getFirst();
        List<Node.Expression> words = command.words().subList(1, command.words().size());
        if (first instanceof Node.Function(var _, var name)) {
            return function(command, name, words, dot, piped, hasPiped);
        }
        if (first instanceof Node.Constant(var _, var constant, var _) && constant == null) {
            throw new Executor.Failure(first, "nil is not a command");
        }
        if (words.isEmpty() && !hasPiped) {
            return value(first, dot);
        }
        List<@Nullable Object> arguments = arguments(words, dot, piped, hasPiped);
        return switch (first) {
            case Node.Field(var _, var names) -> method(first, dot, names, arguments);
            case Node.Variable(var _, var name, var fields)
            when !fields.isEmpty() -> method(first, find(name).value, fields, arguments);
            case Node.Chain(var _, var start, var fields) -> method(first, value(start, dot), fields, arguments);
            case Node.Variable _, Node.Pipe _, Node.Command _, Node.Function _, Node.Dot _, Node.Constant _ ->
                throw new Executor.Failure(first, "can't give argument to non-function " + first.shown());
        };
    }

    private List<@Nullable Object> arguments(
            List<Node.Expression> words, @Nullable Object dot, @Nullable Object piped, boolean hasPiped)
            throws Executor.Failure {
        List<@Nullable Object> arguments = new ArrayList<>();
        for (Node.Expression word : words) {
            arguments.add(value(word, dot));
        }
        if (hasPiped) {
            arguments.add(piped);
        }
        return arguments;
    }

    private @Nullable Object function(
            Node.Expression at,
            String name,
            List<Node.Expression> words,
            @Nullable Object dot,
            @Nullable Object piped,
            boolean hasPiped)
            throws Executor.Failure {
        if (name.equals("and") || name.equals("or")) {
            return shortCircuit(at, name, words, dot, piped, hasPiped);
        }
        Builtins.Function function = functions.get(name);
        if (function == null) {
            throw new Executor.Failure(at, "\"" + name + "\" is not a defined function");
        }
        List<@Nullable Object> arguments = arguments(words, dot, piped, hasPiped);
        try {
            return function.call(arguments);
        } catch (Builtins.Misuse e) {
            throw misuse(at, words, e);
        } catch (IllegalArgumentException e) {
            throw new Executor.Failure(at, "error calling " + name + ": " + e.getMessage());
        }
    }

    /// A wrong argument is shown itself, a constant in words of its own.
    private static Executor.Failure misuse(Node.Expression at, List<Node.Expression> words, Builtins.Misuse misuse) {
        String problem = String.valueOf(misuse.getMessage());
        if (misuse.argument() < 0 || misuse.argument() >= words.size()) {
            boolean command = at instanceof Node.Command;
            return new Executor.Failure(command ? ((Node.Command) at).words().getFirst() : at, problem);
        }
        Node.Expression word = words.get(misuse.argument());
        if (word instanceof Node.Constant constant) {
            String wanted = problem.contains("expected int") ? "integer" : "string";
            problem = "expected " + wanted + "; found " + constant.shown();
        }
        return new Executor.Failure(word, problem);
    }

    private @Nullable Object shortCircuit(
            Node.Expression at,
            String name,
            List<Node.Expression> words,
            @Nullable Object dot,
            @Nullable Object piped,
            boolean hasPiped)
            throws Executor.Failure {
        boolean decisive = name.equals("or");
        if (words.isEmpty() && !hasPiped) {
            throw new Executor.Failure(at, "wrong number of args for " + name + ": want at least 1 got 0");
        }
        Object value = null;
        for (Node.Expression word : words) {
            value = value(word, dot);
            if (Value.isTrue(value) == decisive) {
                return value;
            }
        }
        return hasPiped ? piped : value;
    }

    private @Nullable Object value(Node.Expression expression, @Nullable Object dot) throws Executor.Failure {
        return switch (expression) {
            case Node.Dot _ -> dot;
            case Node.Constant(var _, var value, var _) -> value;
            case Node.Field(var _, var names) -> fields(expression, dot, names);
            case Node.Variable(var _, var name, var names) -> fields(expression, find(name).value, names);
            case Node.Chain(var _, var start, var names) -> fields(expression, value(start, dot), names);
            case Node.Pipe pipe -> pipe(pipe, dot);
            case Node.Command command -> command(command, dot, Value.NONE, false);
            case Node.Function(var _, var name) -> function(expression, name, List.of(), dot, Value.NONE, false);
        };
    }

    private static @Nullable Object fields(Node.Expression at, @Nullable Object start, List<String> names)
            throws Executor.Failure {
        Object value = start;
        for (String name : names) {
            value = field(at, value, name);
        }
        return value;
    }

    private static @Nullable Object field(Node.Expression at, @Nullable Object value, String name)
            throws Executor.Failure {
        return switch (value) {
            case null -> throw new Executor.Failure(at, "nil pointer evaluating interface {}." + name);
            case Struct struct -> {
                if (struct.has(name)) {
                    yield struct.field(name);
                }
                throw new Executor.Failure(
                        at,
                        struct.hasMethod(name)
                                ? "wrong number of args for " + name + ": want 1 got 0"
                                : struct.missing(name));
            }
            case Map<?, ?> map -> map.containsKey(name) ? map.get(name) : Value.NONE;
            default -> {
                if (value instanceof Value.None) {
                    yield Value.NONE;
                }
                throw new Executor.Failure(at, "can't evaluate field " + name + " in type interface {}");
            }
        };
    }

    private static @Nullable Object method(
            Node.Expression at, @Nullable Object start, List<String> names, List<@Nullable Object> arguments)
            throws Executor.Failure {
        Object receiver = fields(at, start, names.subList(0, names.size() - 1));
        String name = names.getLast();
        if (receiver instanceof Struct struct && struct.hasMethod(name)) {
            if (arguments.size() != 1) {
                throw new Executor.Failure(at, "wrong number of args for " + name + ": want 1 got " + arguments.size());
            }
            if (arguments.getFirst() instanceof String argument) {
                return struct.call(name, argument);
            }
            throw new Executor.Failure(at, "expected string; found " + Value.print(arguments.getFirst()));
        }
        field(at, receiver, name);
        throw new Executor.Failure(at, name + " is not a method but has arguments");
    }
}
