package dev.gantry.runtime.launch.compile;

import static dev.gantry.runtime.launch.compile.Emitter.ZERO;
import static dev.gantry.runtime.launch.compile.Emitter.value;

import dev.gantry.oci.runtime.Hooks.Hook;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Syscall;
import dev.gantry.runtime.program.part.WaitedProcess;
import java.util.List;

/// Hooks that run in the container's namespaces. Each reads the container's state from standard input; what it prints
/// is dropped.
final class HookSteps {
    private final Emitter e;

    private final String state;

    /// @param state the name of the descriptor that they read the state from
    HookSteps(Emitter e, String state) {
        this.e = e;
        this.state = state;
    }

    /// Runs hooks one after the other.
    ///
    /// @param kind as the specification names them
    /// @param nullDevice open for writing
    void run(String kind, List<Hook> hooks, Operand nullDevice) {
        for (Hook hook : hooks) {
            int timeout = hook.timeout() == null ? 0 : hook.timeout();
            WaitedProcess.append(
                    e.b, kind + " hook " + hook.path(), "hooks." + kind, timeout, () -> execute(hook, nullDevice));
        }
    }

    private void execute(Hook hook, Operand nullDevice) {
        Operand document = e.descriptor(state);
        e.b.call(Syscall.LSEEK, document, ZERO, value(Uapi.SEEK_SET));
        e.b.call(Syscall.DUP3, document, ZERO, ZERO);
        e.b.call(Syscall.DUP3, nullDevice, value(1), ZERO);
        e.b.call(Syscall.DUP3, nullDevice, value(2), ZERO);
        e.b.call(
                Syscall.CLOSE_RANGE, value(DescriptorPlan.FIRST), value(0xFFFF_FFFFL), value(Uapi.CLOSE_RANGE_CLOEXEC));
        List<String> arguments = hook.args().isEmpty() ? List.of(hook.path()) : hook.args();
        e.b.call(Syscall.EXECVE, e.text(hook.path()), e.b.strings(arguments), e.b.strings(hook.env()));
    }
}
