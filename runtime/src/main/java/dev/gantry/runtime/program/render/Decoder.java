package dev.gantry.runtime.program.render;

import dev.gantry.runtime.program.Item;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Slot;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/// How one kind of argument is printed.
enum Decoder {
    DESCRIPTOR,
    NUMBER,
    UNSIGNED,
    OCTAL,
    UMASK,
    HEXADECIMAL,
    /// A string, an argument vector, a struct, memory that is filled, or nothing.
    POINTER,
    OPEN_FLAGS,
    DUP_FLAGS,
    AT_FLAGS,
    AT_TREE_FLAGS,
    OPEN_TREE_FLAGS,
    MOVE_MOUNT_FLAGS,
    FSOPEN_FLAGS,
    FSMOUNT_FLAGS,
    FSCONFIG_COMMAND,
    MOUNT_ATTRIBUTES,
    UMOUNT_FLAGS,
    CLONE_FLAGS,
    MASKING,
    SIGNAL,
    WAIT_FLAGS,
    WAITED,
    CLOCK,
    LIMIT,
    CLOSE_RANGE_FLAGS,
    SECCOMP_OPERATION,
    FILTER_FLAGS,
    FAMILY,
    SOCKET,
    PROTOCOL,
    IO_WHO,
    IO_PRIORITY,
    PERSONALITY,
    MEMORY_MODE,
    WHENCE,
    DEVICE;

    String text(Operand operand, Names names) {
        return switch (operand) {
            case Slot slot -> names.of(slot);
            case Operand.Immediate(long number) -> number(number, names);
            case Operand.Address address -> pointer(address, names);
        };
    }

    private String number(long number, Names names) {
        LongFunction<String> decoder = switch (this) {
            case DESCRIPTOR -> names::descriptor;
            case NUMBER -> value -> Integer.toString((int) value);
            case UNSIGNED -> Long::toUnsignedString;
            case OCTAL -> Decoder::octal;
            case UMASK -> value -> "%03o".formatted(value);
            case HEXADECIMAL -> value -> "0x" + Long.toHexString(value);
            case POINTER -> value -> value == 0 ? "NULL" : "0x" + Long.toHexString(value);
            case OPEN_FLAGS -> Structs::openFlags;
            case DEVICE -> Decoder::device;
            case IO_WHO -> Tables.IO_WHO::one;
            case IO_PRIORITY -> Decoder::ioPriority;
            case PERSONALITY -> Tables.PERSONALITY::one;
            case MEMORY_MODE -> Decoder::memoryMode;
            case WHENCE -> Tables.WHENCE::one;
            case FSCONFIG_COMMAND -> Tables.FSCONFIG::one;
            case MASKING -> Tables.MASKING::one;
            case SIGNAL -> Tables.SIGNAL::one;
            case WAITED -> Tables.WAITED::one;
            case CLOCK -> Tables.CLOCK::one;
            case LIMIT -> Tables.LIMIT::one;
            case FAMILY -> Tables.FAMILY::one;
            case PROTOCOL -> Tables.PROTOCOL::one;
            case SECCOMP_OPERATION -> Tables.SECCOMP::one;
            default -> flags()::text;
        };
        return decoder.apply(number);
    }

    private Flags flags() {
        return switch (this) {
            case DUP_FLAGS -> Tables.DUP;
            case AT_FLAGS -> Tables.AT;
            case AT_TREE_FLAGS -> Tables.AT_TREE;
            case OPEN_TREE_FLAGS -> Tables.OPEN_TREE;
            case MOVE_MOUNT_FLAGS -> Tables.MOVE_MOUNT;
            case FSOPEN_FLAGS -> Tables.FSOPEN;
            case FSMOUNT_FLAGS -> Tables.FSMOUNT;
            case MOUNT_ATTRIBUTES -> Tables.MOUNT_ATTR;
            case UMOUNT_FLAGS -> Tables.UMOUNT;
            case CLONE_FLAGS -> Tables.CLONE;
            case WAIT_FLAGS -> Tables.WAIT;
            case CLOSE_RANGE_FLAGS -> Tables.CLOSE_RANGE;
            case FILTER_FLAGS -> Tables.FILTER;
            case SOCKET -> Tables.SOCKET;
            default -> throw new IllegalStateException(this + " is no set of flags");
        };
    }

    private static String pointer(Operand.Address address, Names names) {
        return switch (address.item()) {
            case Item.Text text -> Quoted.text(text.value());
            case Item.Strings strings ->
                strings.values().stream().map(Quoted::text).collect(Collectors.joining(", ", "[", "]"));
            case Item.Bytes bytes -> Quoted.bytes(bytes.value());
            case Item.Struct struct -> Structs.text(struct, names);
            case Item.Buffer _ -> names.address(address);
        };
    }

    private static String ioPriority(long priority) {
        return "IOPRIO_PRIO_VALUE(" + Tables.IO_CLASS.one(priority >>> 13) + ", " + (priority & 0x1FFF) + ")";
    }

    private static String memoryMode(long mode) {
        long flags = mode & 0xE000;
        String name = Tables.MEMORY_MODE.one(mode & ~0xE000L);
        return flags == 0 ? name : name + "|" + Tables.MEMORY_FLAGS.text(flags);
    }

    /// With a leading zero, and the type of a file by its name.
    static String octal(long mode) {
        String permissions = "0" + ((mode & 07777) == 0 ? "00" : Long.toOctalString(mode & 07777));
        String type = switch ((int) (mode & 0xF000)) {
            case 0x1000 -> "S_IFIFO";
            case 0x2000 -> "S_IFCHR";
            case 0x4000 -> "S_IFDIR";
            case 0x6000 -> "S_IFBLK";
            case 0x8000 -> "S_IFREG";
            default -> "";
        };
        return type.isEmpty() ? permissions : type + "|" + permissions;
    }

    /// The 32 bits of a `dev_t`: 12 of the major number between 8 and 12 of the minor one.
    static String device(long device) {
        long major = (device >>> 8) & 0xFFF;
        long minor = (device & 0xFF) | ((device >>> 12) & 0xFFF00);
        return "makedev(" + hexadecimal(major) + ", " + hexadecimal(minor) + ")";
    }

    private static String hexadecimal(long value) {
        return value == 0 ? "0" : "0x" + Long.toHexString(value);
    }
}
