package dev.gantry.runtime.explain;

import java.util.List;

/// The system calls that make a container, as they will be made.
public record Explanation(List<Step> steps) {
    private static final String INDENTATION = "  ";

    public Explanation {
        steps = List.copyOf(steps);
    }

    /// One call.
    ///
    /// In arguments, `<name>` stands for a value that an earlier call gives, `25<root>` for a descriptor that the
    /// program is handed, and `&<name>` for memory that the kernel fills.
    ///
    /// @param process who makes it: `daemon`, `shim`, `intermediate`, `container`, or with an init `command`
    /// @param call the name of the system call
    /// @param arguments as strace(1) prints them
    /// @param result the name of what it gives; empty if nothing uses it
    /// @param conditions what has to happen for the call to be made, such as `if ENOENT`, the outermost
    ///     first; empty on the expected path
    /// @param what in words, as an error would name it
    /// @param why the flag, `image …` or `default`
    public record Step(
            String process,
            String call,
            String arguments,
            String result,
            List<String> conditions,
            String what,
            String why) {
        public Step {
            conditions = List.copyOf(conditions);
        }

        /// The call as strace(1) prints it.
        public String line() {
            return call + "(" + arguments + ")" + (result.isEmpty() ? "" : " = " + result);
        }
    }

    /// A line for what is done and why, then one for each call; alternatives are indented below their condition.
    public String toText() {
        StringBuilder text = new StringBuilder();
        String heading = "";
        List<String> conditions = List.of();
        for (Step step : steps) {
            String next = "%-12s  %s  (%s)".formatted(step.process(), step.what(), step.why());
            if (!next.equals(heading)) {
                text.append(next).append('\n');
                heading = next;
                conditions = List.of();
            }
            appendConditions(text, conditions, step.conditions());
            conditions = step.conditions();
            line(text, conditions.size(), step.line());
        }
        return text.toString();
    }

    private static void appendConditions(StringBuilder text, List<String> before, List<String> now) {
        int same = 0;
        while (same < before.size() && same < now.size() && before.get(same).equals(now.get(same))) {
            same++;
        }
        for (int i = same; i < now.size(); i++) {
            line(text, i, now.get(i) + ":");
        }
    }

    private static void line(StringBuilder text, int depth, String line) {
        text.append(INDENTATION.repeat(depth + 1)).append(line).append('\n');
    }
}
