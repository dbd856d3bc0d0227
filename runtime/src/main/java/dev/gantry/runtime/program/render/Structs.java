package dev.gantry.runtime.program.render;

import dev.gantry.runtime.program.Item;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Slot;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/// Structs as strace(1) prints them: what is zero and would say nothing is left out where strace leaves it out.
final class Structs {
    private static final long ACCESS_MODE = 3;
    private static final long CLONE_PIDFD = 0x1000;
    private static final long CLONE_INTO_CGROUP = 0x2_0000_0000L;
    private static final long SMALL_LIMIT = 1024;

    private final Item.Struct struct;
    private final Names names;

    private Structs(Item.Struct struct, Names names) {
        this.struct = struct;
        this.names = names;
    }

    static String text(Item.Struct struct, Names names) {
        return new Structs(struct, names).text();
    }

    private String text() {
        return switch (struct.type()) {
            case OPEN_HOW -> openHow();
            case CLONE_ARGS -> cloneArguments();
            case MOUNT_ATTR -> mountAttributes();
            case POLLFD -> polled();
            case RLIMIT -> "{rlim_cur=" + limit(0) + ", rlim_max=" + limit(1) + "}";
            case SOCK_FPROG -> "{len=" + field(0, Decoder.NUMBER) + ", filter=&<filter>}";
            case CAP_HEADER -> "{version=_LINUX_CAPABILITY_VERSION_3, pid=" + field(1, Decoder.NUMBER) + "}";
            case CAP_DATA -> capabilities();
            case SIGSET -> number(0) == 0 ? "[]" : number(0) == -1 ? "~[]" : "[0x" + Long.toHexString(number(0)) + "]";
            case ID, INT -> list();
            case RECORD, LONG -> bytes();
            case IFREQ -> interfaceRequest();
            case SCHED_ATTR -> scheduling();
            case TIMESPEC, SIGACTION, WINSIZE, IOVEC, SCHED_PARAM -> braces();
        };
    }

    private Operand operand(int index) {
        return struct.fields().get(index);
    }

    private long number(int index) {
        return operand(index) instanceof Operand.Immediate(long number) ? number : 0;
    }

    private String field(int index, Decoder decoder) {
        return decoder.text(operand(index), names);
    }

    private String openHow() {
        boolean creates = (number(0) & 0x40) != 0;
        return "{flags=" + field(0, Decoder.OPEN_FLAGS)
                + (creates ? ", mode=" + field(1, Decoder.OCTAL) : "")
                + ", resolve=" + Tables.RESOLVE.text(number(2)) + "}";
    }

    /// The access mode is a number, not a bit.
    static String openFlags(long flags) {
        String access = switch ((int) (flags & ACCESS_MODE)) {
            case 0 -> "O_RDONLY";
            case 1 -> "O_WRONLY";
            default -> "O_RDWR";
        };
        long rest = flags & ~ACCESS_MODE;
        return rest == 0 ? access : access + "|" + Tables.OPEN.text(rest);
    }

    private String cloneArguments() {
        long flags = number(0);
        StringBuilder text = new StringBuilder("{flags=").append(Tables.CLONE.text(flags));
        if ((flags & CLONE_PIDFD) != 0) {
            text.append(", pidfd=").append(field(1, Decoder.POINTER));
        }
        text.append(", exit_signal=").append(Tables.SIGNAL.one(number(4))).append(", stack=NULL, stack_size=0");
        if ((flags & CLONE_INTO_CGROUP) != 0) {
            text.append(", cgroup=").append(field(10, Decoder.DESCRIPTOR));
        }
        return text.append('}').toString();
    }

    private String mountAttributes() {
        return "{attr_set=" + Tables.MOUNT_ATTR.text(number(0)) + ", attr_clr=" + Tables.MOUNT_ATTR.text(number(1))
                + ", propagation=" + Tables.PROPAGATION.text(number(2)) + ", userns_fd="
                + field(3, Decoder.NUMBER) + "}";
    }

    private String polled() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < struct.fields().size(); i += 3) {
            all.add("{fd=" + field(i, Decoder.DESCRIPTOR) + ", events=" + Tables.POLL.text(number(i + 1)) + "}");
        }
        return "[" + String.join(", ", all) + "]";
    }

    private String limit(int index) {
        long value = number(index);
        if (value == -1) {
            return "RLIM64_INFINITY";
        }
        boolean round = Long.compareUnsigned(value, SMALL_LIMIT) > 0 && value % SMALL_LIMIT == 0;
        return round ? Long.toUnsignedString(value / SMALL_LIMIT) + "*1024" : Long.toUnsignedString(value);
    }

    private String capabilities() {
        return "{effective=" + set(0) + ", permitted=" + set(1) + ", inheritable=" + set(2) + "}";
    }

    /// The low half is in the first struct, the high half in the second.
    private String set(int index) {
        long set = (number(index) & 0xFFFF_FFFFL) | (number(index + 3) << 32);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < Long.SIZE; i++) {
            if ((set & (1L << i)) != 0) {
                all.add("1<<" + capability(i));
            }
        }
        return all.isEmpty() ? "0" : String.join("|", all);
    }

    static String capability(long number) {
        return number < Tables.CAPABILITIES.size() ? Tables.CAPABILITIES.get((int) number) : Long.toString(number);
    }

    private String scheduling() {
        return "{size=" + field(0, Decoder.UNSIGNED) + ", sched_policy=" + Tables.POLICY.one(number(1))
                + ", sched_flags=" + Tables.SCHEDULING.text(number(2)) + ", sched_nice=" + field(3, Decoder.NUMBER)
                + ", sched_priority=" + field(4, Decoder.UNSIGNED) + ", sched_runtime=" + field(5, Decoder.UNSIGNED)
                + ", sched_deadline=" + field(6, Decoder.UNSIGNED) + ", sched_period=" + field(7, Decoder.UNSIGNED)
                + "}";
    }

    private String interfaceRequest() {
        ByteArrayOutputStream name = new ByteArrayOutputStream();
        for (int i = 0; i < 2 * Long.BYTES; i++) {
            int each = (int) (number(i / Long.BYTES) >>> (i % Long.BYTES * Byte.SIZE)) & 0xFF;
            if (each == 0) {
                break;
            }
            name.write(each);
        }
        return "{ifr_name=" + Quoted.bytes(name.toByteArray()) + ", ifr_flags=" + Tables.INTERFACE.text(number(2))
                + "}";
    }

    private String list() {
        List<String> all = struct.fields().stream()
                .map(each -> Decoder.NUMBER.text(each, names))
                .toList();
        return "[" + String.join(", ", all) + "]";
    }

    private String braces() {
        List<String> all = struct.fields().stream()
                .map(each -> Decoder.UNSIGNED.text(each, names))
                .toList();
        return "{" + String.join(", ", all) + "}";
    }

    /// What write(2) is given is bytes; in the place of what is not known yet stands its name.
    private String bytes() {
        StringBuilder text = new StringBuilder("\"");
        ByteArrayOutputStream known = new ByteArrayOutputStream();
        for (int i = 0; i < struct.fields().size(); i++) {
            if (operand(i) instanceof Slot slot) {
                text.append(Quoted.inner(known.toByteArray())).append(names.of(slot));
                known.reset();
            } else {
                for (int shift = 0; shift < struct.type().width(i) * Byte.SIZE; shift += Byte.SIZE) {
                    known.write((int) (number(i) >>> shift));
                }
            }
        }
        return text.append(Quoted.inner(known.toByteArray())).append('"').toString();
    }
}
