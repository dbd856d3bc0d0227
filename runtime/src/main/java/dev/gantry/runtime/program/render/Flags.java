package dev.gantry.runtime.program.render;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A set of bits with names, in the order in which strace(1) prints them.
final class Flags {
    private final Map<String, Long> bits;
    /// What stands for no bit at all.
    private final String zero;

    private Flags(Map<String, Long> bits, String zero) {
        this.bits = bits;
        this.zero = zero;
    }

    /// @param table `NAME=0x1 NAME=0x2 …`
    static Flags of(String table) {
        Map<String, Long> bits = new LinkedHashMap<>();
        String zero = "0";
        for (String each : table.strip().split("\\s+", -1)) {
            String[] pair = each.split("=", 2);
            long value = Long.decode(pair[1]);
            if (value == 0) {
                zero = pair[0];
            } else {
                bits.put(pair[0], value);
            }
        }
        return new Flags(bits, zero);
    }

    /// `NAME|NAME`; bits without a name at the end in hexadecimal.
    String text(long value) {
        List<String> parts = new ArrayList<>();
        long rest = value;
        for (Map.Entry<String, Long> each : bits.entrySet()) {
            if ((rest & each.getValue()) == each.getValue()) {
                parts.add(each.getKey());
                rest &= ~each.getValue();
            }
        }
        if (rest != 0) {
            parts.add("0x" + Long.toHexString(rest));
        }
        return parts.isEmpty() ? zero : String.join("|", parts);
    }

    /// The one name of a value; the number if it has none.
    String one(long value) {
        if (value == 0) {
            return zero;
        }
        return bits.entrySet().stream()
                .filter(each -> each.getValue() == value)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(Long.toString(value));
    }
}
