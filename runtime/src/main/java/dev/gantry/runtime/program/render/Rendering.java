package dev.gantry.runtime.program.render;

import dev.gantry.runtime.program.Instruction;
import dev.gantry.runtime.program.Program;
import java.util.ArrayList;
import java.util.List;

/// Prints programs.
public final class Rendering {
    private Rendering() {}

    /// Every call that the program can reach, in its order: what happens if all goes as expected, and in between, with
    /// their conditions, the alternatives.
    ///
    /// @param descriptors what the program is given, from number 3 on
    public static List<RenderedCall> of(Program program, List<String> descriptors) {
        Names names = new Names(program, descriptors);
        List<RenderedCall> calls = new ArrayList<>();
        Flow.conditions(program, names)
                .forEach((index, conditions) ->
                        calls.add(rendered(program.calls().get(index), conditions, names)));
        return calls;
    }

    private static RenderedCall rendered(Instruction.Call call, List<String> conditions, Names names) {
        return new RenderedCall(
                call,
                Arguments.of(call, names),
                call.result() == null ? "" : names.of(call.result()),
                conditions,
                Words.of(call.onError()));
    }
}
