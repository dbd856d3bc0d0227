package dev.gantry.runtime.launch;

import dev.gantry.runtime.program.Instruction;
import dev.gantry.runtime.program.Item;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Role;
import dev.gantry.runtime.program.Syscall;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The calls of a launch, as far as their failure is told in words. Those that a container left to its caller makes
/// when it is started are kept for the command that starts it.
///
/// @param first the index of the first of them in the program
public record LaunchCalls(int first, List<Call> calls) {
    /// What a call is made for.
    public enum Purpose {
        SET_UP,
        /// To execute a hook.
        HOOK,
        /// To execute the command.
        COMMAND,
        /// To fail, for something that the program has found out itself.
        REFUSAL
    }

    /// A call.
    ///
    /// @param step in words
    /// @param syscall its name
    /// @param command the file that it executes as the command; null if it does not
    public record Call(
            String step,
            Purpose purpose,
            String syscall,
            @Nullable String command) {}

    public LaunchCalls {
        calls = List.copyOf(calls);
    }

    /// All calls of a program.
    public static LaunchCalls of(LaunchPlan plan) {
        return from(0, plan);
    }

    /// Those that are made behind the [gate][LaunchPlan#GATE].
    public static LaunchCalls behindGate(LaunchPlan plan) {
        List<Instruction.Call> all = plan.program().calls();
        Operand report = Operand.of(plan.program().reportDescriptor());
        int first = 0;
        for (int i = 0; i < all.size(); i++) {
            Instruction.Call call = all.get(i);
            if (call.syscall() == Syscall.DUP3 && call.arguments().get(1).equals(report)) {
                first = i + 1; // its reports go to another reader from here on
            }
        }
        return from(first, plan);
    }

    private static LaunchCalls from(int first, LaunchPlan plan) {
        List<Instruction.Call> all = plan.program().calls();
        return new LaunchCalls(
                first,
                all.subList(first, all.size()).stream().map(LaunchCalls::call).toList());
    }

    private static Call call(Instruction.Call call) {
        Purpose purpose = purpose(call);
        String command = purpose == Purpose.COMMAND ? text(call.arguments().getFirst()) : null;
        return new Call(call.step().words(), purpose, call.syscall().text(), command);
    }

    private static Purpose purpose(Instruction.Call call) {
        if (call.step().role() == Role.HOOK) {
            return Purpose.HOOK;
        }
        return switch (call.syscall()) {
            case EXECVE -> Purpose.COMMAND;
            case FCHDIR -> call.arguments().getFirst().equals(Operand.of(-1)) ? Purpose.REFUSAL : Purpose.SET_UP;
            default -> Purpose.SET_UP;
        };
    }

    private static @Nullable String text(Operand file) {
        return file instanceof Operand.Address address && address.item() instanceof Item.Text text
                ? text.value()
                : null;
    }

    /// The call with that index in the program, if it is one of these.
    public Optional<Call> find(int index) {
        return index < first || index - first >= calls.size()
                ? Optional.empty()
                : Optional.of(calls.get(index - first));
    }

    /// The files that the program tries to execute as the command.
    public List<String> candidates() {
        return calls.stream()
                .flatMap(call -> Stream.ofNullable(call.command()))
                .distinct()
                .toList();
    }
}
