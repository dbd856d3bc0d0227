package dev.gantry.runtime;

import java.util.List;

/// The system calls that make a container, as they will be made.
public record Explanation(List<Step> steps) {
    public Explanation {
        steps = List.copyOf(steps);
    }

    /// One call.
    ///
    /// @param process who makes it: `daemon`, `shim`, `child`
    /// @param call the name of the system call
    /// @param arguments as strace(1) prints them
    /// @param what in words, as an error would name it
    /// @param why the flag, `image …` or `default`
    public record Step(String process, String call, String arguments, String what, String why) {}

    /// One line per step.
    public String toText() {
        StringBuilder text = new StringBuilder();
        for (Step step : steps) {
            String call = step.call() + "(" + step.arguments() + ")";
            text.append("%-6s  %s%n        # %s (%s)%n".formatted(step.process(), call, step.what(), step.why()));
        }
        return text.toString();
    }
}
