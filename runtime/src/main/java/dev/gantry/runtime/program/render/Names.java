package dev.gantry.runtime.program.render;

import dev.gantry.runtime.program.Instruction;
import dev.gantry.runtime.program.Item;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Program;
import dev.gantry.runtime.program.Slot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What values are called that are known only when the program runs.
final class Names {
    private static final int FIRST_DESCRIPTOR = 3;

    private final List<String> descriptors;
    private final Map<String, String> byPlace = new HashMap<>();
    private final Map<String, Integer> used = new HashMap<>();

    /// @param descriptors what arrives as number 3 and so on
    Names(Program program, List<String> descriptors) {
        this.descriptors = descriptors;
        for (Instruction.Call call : program.calls()) {
            if (call.result() != null) {
                String _ = of(call.result());
            }
        }
    }

    /// `<target>`; the second variable of that name is `<target2>`.
    String of(Slot slot) {
        return "<" + unique(slot.address(), slot.name()) + ">";
    }

    /// A pointer to memory that the kernel fills: `&<stat>`.
    String address(Operand.Address address) {
        if (!(address.item() instanceof Item.Buffer buffer)) {
            return "0x" + Integer.toHexString(address.absolute());
        }
        String name = unique(buffer.address(), buffer.name());
        return "&<" + (address.offset() == 0 ? name : name + "+" + address.offset()) + ">";
    }

    private String unique(int address, String name) {
        return byPlace.computeIfAbsent(name + "@" + address, _ -> {
            int count = used.merge(name, 1, Integer::sum);
            return count == 1 ? name : name + count;
        });
    }

    /// `25<root>`, as strace(1) shows descriptors with `-y`.
    String descriptor(long number) {
        if (number == -100) {
            return "AT_FDCWD";
        }
        int index = (int) number - FIRST_DESCRIPTOR;
        return index < 0 || index >= descriptors.size()
                ? Long.toString(number)
                : number + "<" + descriptors.get(index) + ">";
    }
}
