package dev.gantry.cli.template;

import dev.gantry.cli.json.JsonWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The functions of text/template and the ones that Docker adds.
final class Builtins {
    private Builtins() {}

    /// A function of a template.
    @FunctionalInterface
    interface Function {
        /// Complains with IllegalArgumentException about values, with [Misuse] about the call itself.
        @Nullable
        Object call(List<@Nullable Object> arguments);
    }

    /// A call with the wrong number or type of arguments: reported without "error calling".
    static final class Misuse extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        private final int argument;

        Misuse(String problem) {
            this(problem, -1);
        }

        Misuse(String problem, int argument) {
            super(problem);
            this.argument = argument;
        }

        /// The place of the argument that is wrong, or -1 for the call itself.
        int argument() {
            return argument;
        }
    }

    static Map<String, Function> all() {
        Map<String, Function> all = new HashMap<>();
        // and, or: evaluated by Evaluator, because they do not evaluate all their arguments
        all.put("and", (List<@Nullable Object> arguments) -> arguments.getFirst());
        all.put("or", (List<@Nullable Object> arguments) -> arguments.getFirst());
        all.put(
                "not",
                (List<@Nullable Object> arguments) ->
                        !Value.isTrue(exactly("not", 1, arguments).getFirst()));
        all.put(
                "len",
                (List<@Nullable Object> arguments) ->
                        length(exactly("len", 1, arguments).getFirst()));
        all.put("index", Collections::index);
        all.put("slice", Collections::slice);
        all.put("print", Builtins::print);
        all.put("println", (List<@Nullable Object> arguments) -> Printf.spaced(arguments) + "\n");
        all.put("printf", Builtins::printf);
        all.put("html", (List<@Nullable Object> arguments) -> html(print(arguments)));
        all.put(
                "urlquery",
                (List<@Nullable Object> arguments) -> URLEncoder.encode(print(arguments), StandardCharsets.UTF_8));
        Comparisons.addTo(all);
        all.put(
                "json",
                (List<@Nullable Object> arguments) ->
                        json(exactly("json", 1, arguments).getFirst()));
        all.put(
                "split",
                (List<@Nullable Object> arguments) ->
                        split(text("split", 2, arguments, 0), text("split", 2, arguments, 1)));
        all.put("join", Builtins::join);
        all.put("title", (List<@Nullable Object> arguments) -> title(text("title", 1, arguments, 0)));
        all.put(
                "lower",
                (List<@Nullable Object> arguments) ->
                        text("lower", 1, arguments, 0).toLowerCase(Locale.ROOT));
        all.put(
                "upper",
                (List<@Nullable Object> arguments) ->
                        text("upper", 1, arguments, 0).toUpperCase(Locale.ROOT));
        all.put("pad", Builtins::pad);
        all.put("truncate", Builtins::truncate);
        return all;
    }

    private static String json(@Nullable Object value) {
        boolean escapes = value instanceof Struct struct && struct.escapesHtml();
        return JsonWriter.compactPlain(Value.jsonable(value), escapes);
    }

    static Map<String, Function> forHeader() {
        Map<String, Function> same = new HashMap<>();
        for (String name : List.of("json", "split", "join", "title", "lower", "upper", "truncate")) {
            same.put(name, (List<@Nullable Object> arguments) -> arguments.getFirst());
        }
        return same;
    }

    static List<@Nullable Object> exactly(String name, int wanted, List<@Nullable Object> arguments) {
        if (arguments.size() != wanted) {
            throw new Misuse("wrong number of args for " + name + ": want " + wanted + " got " + arguments.size());
        }
        return arguments;
    }

    private static String text(String name, int wanted, List<@Nullable Object> arguments, int at) {
        Object argument = exactly(name, wanted, arguments).get(at);
        if (argument instanceof String text) {
            return text;
        }
        if (argument == null || argument instanceof Value.None) {
            throw new Misuse("invalid value; expected string", at);
        }
        throw new Misuse("wrong type for value; expected string; got " + Value.typeName(argument), at);
    }

    private static int number(String name, int wanted, List<@Nullable Object> arguments, int at) {
        if (exactly(name, wanted, arguments).get(at) instanceof Long number) {
            return Math.toIntExact(number);
        }
        throw new Misuse("wrong type for value; expected int; got " + Value.typeName(arguments.get(at)), at);
    }

    private static Object length(@Nullable Object value) {
        return switch (value) {
            case String text -> (long) text.getBytes(StandardCharsets.UTF_8).length;
            case List<?> list -> (long) list.size();
            case Map<?, ?> map -> (long) map.size();
            case null -> throw new IllegalArgumentException("len of nil pointer");
            default -> {
                if (value instanceof Value.None) {
                    throw new IllegalArgumentException("len of untyped nil");
                }
                throw new IllegalArgumentException("len of type " + Value.typeName(value));
            }
        };
    }

    /// `fmt.Sprint`: a blank between operands when neither is a text.
    private static String print(List<@Nullable Object> arguments) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < arguments.size(); i++) {
            boolean texts = arguments.get(i) instanceof String || (i > 0 && arguments.get(i - 1) instanceof String);
            out.append(i > 0 && !texts ? " " : "").append(Value.print(arguments.get(i)));
        }
        return out.toString();
    }

    private static String printf(List<@Nullable Object> arguments) {
        if (arguments.isEmpty()) {
            throw new Misuse("wrong number of args for printf: want at least 1 got 0");
        }
        if (arguments.getFirst() instanceof String format) {
            return Printf.format(format, arguments.subList(1, arguments.size()));
        }
        throw new Misuse("wrong type for value; expected string; got " + Value.typeName(arguments.getFirst()));
    }

    private static String html(String text) {
        return text.replace("&", "&amp;")
                .replace("'", "&#39;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&#34;");
    }

    private static List<@Nullable Object> split(String text, String separator) {
        List<@Nullable Object> parts = new ArrayList<>();
        if (separator.isEmpty()) {
            text.codePoints().forEach(c -> parts.add(Character.toString(c)));
            return parts;
        }
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
            parts.add(text.substring(from, at));
            from = at + separator.length();
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static Object join(List<@Nullable Object> arguments) {
        String separator = text("join", 2, arguments, 1);
        return switch (arguments.getFirst()) {
            case null -> "";
            case List<?> list ->
                String.join(separator, list.stream().map(Value::print).toList());
            case Map<?, ?> map ->
                String.join(
                        separator,
                        map.values().stream().map(Value::print).sorted().toList());
            default -> {
                if (arguments.getFirst() instanceof Value.None) {
                    yield "";
                }
                throw new IllegalArgumentException("expected slice, got " + Value.typeName(arguments.getFirst()));
            }
        };
    }

    private static String title(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean start = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(start ? Character.toTitleCase(c) : c);
            start = !(Character.isLetterOrDigit(c) || c == '_' || c == '\'');
        }
        return out.toString();
    }

    private static String pad(List<@Nullable Object> arguments) {
        String text = text("pad", 3, arguments, 0);
        int before = number("pad", 3, arguments, 1);
        int behind = number("pad", 3, arguments, 2);
        return text.isEmpty() ? text : " ".repeat(Math.max(0, before)) + text + " ".repeat(Math.max(0, behind));
    }

    private static String truncate(List<@Nullable Object> arguments) {
        String text = text("truncate", 2, arguments, 0);
        int length = number("truncate", 2, arguments, 1);
        if (length < 0) {
            throw new IllegalArgumentException("slice bounds out of range [:" + length + "]");
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length < length ? text : new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
