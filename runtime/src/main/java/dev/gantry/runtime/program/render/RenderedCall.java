package dev.gantry.runtime.program.render;

import dev.gantry.runtime.program.Instruction;
import java.util.List;

/// One call of a program, as it is read.
///
/// @param arguments as strace(1) prints them; `<name>` stands for a value that is known only later, `25<root>` for a
///     descriptor that the program is given, `&<name>` for memory that the kernel fills
/// @param result the name of what the call gives, `<name>`; empty if nobody uses it
/// @param conditions what has to happen for the call to be made, the outermost first; empty on the expected path
/// @param onError which errors do not end the launch; may be empty
public record RenderedCall(
        Instruction.Call call, String arguments, String result, List<String> conditions, String onError) {
    public RenderedCall {
        conditions = List.copyOf(conditions);
    }
}
