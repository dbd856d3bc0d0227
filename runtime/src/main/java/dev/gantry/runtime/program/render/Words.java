package dev.gantry.runtime.program.render;

import dev.gantry.runtime.program.Condition;
import dev.gantry.runtime.program.Instruction;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Slot;
import java.util.ArrayList;
import java.util.List;

/// Conditions and error policies in words.
final class Words {
    private Words() {}

    /// The condition of a jump, or its contrary.
    static String of(Instruction.JumpIf jump, boolean contrary, Names names) {
        String right = switch (jump.right()) {
            case Operand.Immediate(long number) -> Long.toString(number);
            case Operand.Address address -> names.address(address);
            case Slot slot -> names.of(slot);
        };
        String operator = operator(contrary ? contrary(jump.condition()) : jump.condition());
        return names.of(jump.left()) + operator + right;
    }

    private static Condition contrary(Condition condition) {
        return switch (condition) {
            case EQUAL -> Condition.NOT_EQUAL;
            case NOT_EQUAL -> Condition.EQUAL;
            case LESS -> Condition.GREATER_OR_EQUAL;
            case GREATER_OR_EQUAL -> Condition.LESS;
            case ANY_BIT -> Condition.NO_BIT;
            case NO_BIT -> Condition.ANY_BIT;
        };
    }

    private static String operator(Condition condition) {
        return switch (condition) {
            case EQUAL -> " == ";
            case NOT_EQUAL -> " != ";
            case LESS -> " < ";
            case GREATER_OR_EQUAL -> " >= ";
            case ANY_BIT -> " has a bit of ";
            case NO_BIT -> " has no bit of ";
        };
    }

    /// Which errors do not end the launch, apart from those that lead elsewhere: `EEXIST ignored, EAGAIN repeated`.
    static String of(OnError policy) {
        List<String> words = new ArrayList<>();
        for (OnError.Case each : policy.cases()) {
            switch (each.outcome()) {
                case OnError.Outcome.Continue() -> words.add(each.errno().name() + " ignored");
                case OnError.Outcome.Retry _ -> words.add(each.errno().name() + " repeated");
                case OnError.Outcome.Fail(), OnError.Outcome.Go _ -> {
                    // the first is the rule, the second a condition of other calls
                }
            }
        }
        if (policy.otherwise() instanceof OnError.Outcome.Continue) {
            words.add("errors ignored");
        }
        return String.join(", ", words);
    }
}
