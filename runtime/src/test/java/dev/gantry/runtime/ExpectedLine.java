package dev.gantry.runtime;

import dev.gantry.runtime.explain.Explanation;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Compares explained arguments with traced ones: names stand for values that are learnt as they appear.
final class ExpectedLine {
    private static final Pattern NAME = Pattern.compile("&<[a-z_][a-z0-9_+]*>|(\\d+)<[a-z_0-9]+>|<[a-z_][a-z0-9_]*>");
    private static final String MEMORY = "(?:0x[0-9a-f]+|\"(?:[^\"\\\\]|\\\\.)*\"|\\{.*\\}|\\[.*\\])";
    private static final String TEXT = "(?:[^\"\\\\]|\\\\.)*";

    private ExpectedLine() {}

    /// Whether a step's arguments are those of a call; learns the values of its names.
    static boolean matches(Explanation.Step step, Trace.Line line, Map<String, Long> values) {
        if (!step.call().equals(line.call())) {
            return false;
        }
        String known = known(step.arguments(), values);
        if (known.equals(line.arguments())) {
            return true;
        }
        Map<String, String> learnt = new LinkedHashMap<>();
        if (known.indexOf('<') < 0 && step.arguments().indexOf('"') < 0) {
            return false;
        }
        Matcher arguments = pattern(step.arguments(), values, learnt).matcher(line.arguments());
        if (!arguments.matches()) {
            return false;
        }
        learnt.forEach((name, group) -> values.put(name, Long.decode(arguments.group(group))));
        return true;
    }

    /// With all values that are known; what is left has to be matched.
    private static String known(String text, Map<String, Long> values) {
        return text.indexOf('<') < 0
                ? text
                : NAME.matcher(text).replaceAll(name -> {
                    Long value = values.get(name.group());
                    String known =
                            name.group(1) != null ? name.group(1) : value == null ? name.group() : value.toString();
                    return Matcher.quoteReplacement(known);
                });
    }

    private static Pattern pattern(String text, Map<String, Long> values, Map<String, String> learnt) {
        StringBuilder regex = new StringBuilder();
        Matcher names = NAME.matcher(text);
        int end = 0;
        while (names.find()) {
            regex.append(Pattern.quote(text.substring(end, names.start())));
            boolean quoted = text.substring(0, names.start())
                                    .replace("\\\"", "")
                                    .chars()
                                    .filter(c -> c == '"')
                                    .count()
                            % 2
                    == 1;
            regex.append(quoted ? TEXT : value(names, values, learnt));
            end = names.end();
        }
        return Pattern.compile(regex.append(Pattern.quote(text.substring(end))).toString());
    }

    private static String value(Matcher name, Map<String, Long> values, Map<String, String> learnt) {
        if (name.group().startsWith("&")) {
            return MEMORY;
        } else if (name.group(1) != null) {
            return name.group(1);
        } else if (values.containsKey(name.group())) {
            return Long.toString(values.get(name.group()));
        } else if (learnt.containsKey(name.group())) {
            return "\\k<" + learnt.get(name.group()) + ">";
        }
        String group = "g" + learnt.size();
        learnt.put(name.group(), group);
        return "(?<" + group + ">-?\\d+)";
    }

    static Map<String, Long> noValues() {
        return new HashMap<>();
    }
}
