package dev.gantry.engine.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/// The system calls that would start a container, as `gantry explain` shows them.
///
/// @param text for a person to read
public record ExplanationView(
        @JsonProperty("Steps") List<Step> steps,
        @JsonProperty("Text") String text) {
    public ExplanationView {
        steps = List.copyOf(steps);
    }

    /// One call.
    ///
    /// @param process who makes it: `daemon`, `shim`, `intermediate`, `container`, `command`
    /// @param arguments as strace(1) prints them; `<name>` stands for what an earlier call gives
    /// @param result the name of what it gives; may be empty
    /// @param conditions what has to happen for it, such as `if ENOENT`; empty on the expected path
    /// @param what what it is for
    /// @param why the flag, `image …` or `default`
    public record Step(
            @JsonProperty("Process") String process,
            @JsonProperty("Call") String call,
            @JsonProperty("Arguments") String arguments,

            @JsonInclude(Include.NON_EMPTY) @JsonProperty("Result")
            String result,

            @JsonInclude(Include.NON_EMPTY) @JsonProperty("Conditions")
            List<String> conditions,

            @JsonProperty("What") String what,
            @JsonProperty("Why") String why) {
        public Step {
            conditions = List.copyOf(conditions);
        }
    }
}
