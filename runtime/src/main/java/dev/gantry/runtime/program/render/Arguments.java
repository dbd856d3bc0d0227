package dev.gantry.runtime.program.render;

import dev.gantry.runtime.program.Instruction;
import dev.gantry.runtime.program.Item;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.StructType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;

/// The arguments of a call, as strace(1) prints them.
final class Arguments {
    private static final long PR_SET_DUMPABLE = 4;
    private static final long PR_SET_KEEPCAPS = 8;
    private static final long PR_CAPBSET_DROP = 24;
    private static final long PR_SET_SECUREBITS = 28;
    private static final long PR_CAP_AMBIENT = 47;
    private static final long FSCONFIG_CMD_CREATE = 6;
    private static final long REGULAR = 0x8000;

    private final Instruction.Call call;
    private final Names names;

    private Arguments(Instruction.Call call, Names names) {
        this.call = call;
        this.names = names;
    }

    static String of(Instruction.Call call, Names names) {
        return String.join(", ", new Arguments(call, names).texts());
    }

    private List<String> texts() {
        return switch (call.syscall()) {
            case PRCTL -> prctl();
            case FSCONFIG -> fsconfig();
            case KEYCTL -> List.of(Tables.KEYCTL.one(number(0)), text(1, Decoder.POINTER));
            case IOCTL -> List.of(text(0, Decoder.DESCRIPTOR), Tables.IOCTL.one(number(1)), ioctlArgument());
            case MKNODAT -> mknodat();
            case SET_MEMPOLICY ->
                List.of(text(0, Decoder.MEMORY_MODE), nodes(call.arguments().get(1)), text(2, Decoder.UNSIGNED));
            case SCHED_SETAFFINITY ->
                List.of(
                        text(0, Decoder.NUMBER),
                        text(1, Decoder.UNSIGNED),
                        cpus(call.arguments().get(2)));
            default -> listed();
        };
    }

    private long number(int index) {
        return call.arguments().get(index) instanceof Operand.Immediate(long number) ? number : 0;
    }

    private String text(int index, Decoder decoder) {
        return decoder.text(call.arguments().get(index), names);
    }

    private List<String> listed() {
        List<Decoder> decoders = Signatures.of(call.syscall());
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < call.arguments().size(); i++) {
            texts.add(text(i, i < decoders.size() ? decoders.get(i) : Decoder.NUMBER));
        }
        return texts;
    }

    /// The options take different numbers of arguments, and strace prints zeros for some that take none.
    private List<String> prctl() {
        long option = number(0);
        String name = Tables.PRCTL.one(option);
        if (option == PR_SET_DUMPABLE) {
            return List.of(name, Tables.DUMPABLE.one(number(1)));
        } else if (option == PR_SET_SECUREBITS) {
            return List.of(name, Tables.SECUREBITS.text(number(1)));
        } else if (option == PR_CAPBSET_DROP) {
            return List.of(name, Structs.capability(number(1)));
        } else if (option == PR_SET_KEEPCAPS) {
            return List.of(name, text(1, Decoder.UNSIGNED));
        } else if (option == PR_CAP_AMBIENT) {
            boolean names = call.arguments().size() > 2 && number(1) != 4;
            return List.of(
                    name,
                    Tables.AMBIENT.one(number(1)),
                    names ? Structs.capability(number(2)) : text(2, Decoder.UNSIGNED),
                    text(3, Decoder.UNSIGNED),
                    text(4, Decoder.UNSIGNED));
        }
        List<String> texts = new ArrayList<>(List.of(name));
        for (int i = 1; i < call.arguments().size(); i++) {
            texts.add(text(i, Decoder.UNSIGNED));
        }
        return texts;
    }

    private List<String> fsconfig() {
        boolean create = number(1) >= FSCONFIG_CMD_CREATE;
        return List.of(
                text(0, Decoder.DESCRIPTOR),
                Tables.FSCONFIG.one(number(1)),
                create ? "NULL" : text(2, Decoder.POINTER),
                text(3, Decoder.POINTER),
                text(4, Decoder.NUMBER));
    }

    private String ioctlArgument() {
        // the argument of TIOCSPGRP is read by the kernel, not filled
        if (call.arguments().get(2) instanceof Operand.Address address
                && address.item() instanceof Item.Buffer buffer) {
            return "[" + names.of(address.field(buffer.name(), 0, StructType.INT.size())) + "]";
        }
        return call.arguments().get(2) instanceof Operand.Address ? text(2, Decoder.POINTER) : text(2, Decoder.NUMBER);
    }

    /// A set of bits as words.
    private String nodes(Operand operand) {
        if (!(operand instanceof Operand.Address address) || !(address.item() instanceof Item.Bytes bytes)) {
            return Decoder.POINTER.text(operand, names);
        }
        long[] words = BitSet.valueOf(bytes.value()).toLongArray();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < bytes.value().length / Long.BYTES; i++) {
            texts.add("0x%014x".formatted(i < words.length ? words[i] : 0));
        }
        return "[" + String.join(", ", texts) + "]";
    }

    /// A set of bits as numbers.
    private String cpus(Operand operand) {
        if (!(operand instanceof Operand.Address address) || !(address.item() instanceof Item.Bytes bytes)) {
            return Decoder.POINTER.text(operand, names);
        }
        return BitSet.valueOf(bytes.value()).stream()
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(" ", "[", "]"));
    }

    /// Only a device has a device's number.
    private List<String> mknodat() {
        List<String> texts = listed();
        return (number(2) & 0xF000) == REGULAR ? texts.subList(0, 3) : texts;
    }
}
