package dev.gantry.runtime.cgroup;

import dev.gantry.runtime.cgroup.DeviceRules.Rule;

/// Compiles device rules into the eBPF program that cgroup v2 has for a device controller.
///
/// The program keeps the set of accesses that are asked for and not decided yet. From the last rule to the
/// first, one that fits the device and denies an access of the set ends it; one that allows takes its
/// accesses out of the set, and ends it when none is left. So the last rule that names an access of a device
/// decides, as the specification has it.
///
/// @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#device-controller">Device controller</a>
final class DeviceProgram {
    // linux/bpf.h: struct bpf_cgroup_dev_ctx, whose first word is (access << 16) | type
    private static final int ACCESS_TYPE = 0;
    private static final int MAJOR = 4;
    private static final int MINOR = 8;
    private static final int BLOCK_DEVICE = 1;
    private static final int CHARACTER_DEVICE = 2;
    private static final int MAKE_NODE = 1;
    private static final int READ = 2;
    private static final int WRITE = 4;

    private static final int REFUSED = 0;
    private static final int ALLOWED = 1;

    private static final int ANSWER = 0;
    private static final int CONTEXT = 1;
    private static final int TYPE = 2;
    private static final int WANTED = 3;
    private static final int MAJOR_NUMBER = 4;
    private static final int MINOR_NUMBER = 5;

    private final EbpfAssembler code = new EbpfAssembler();

    private DeviceProgram() {}

    static byte[] compile(DeviceRules rules) {
        DeviceProgram program = new DeviceProgram();
        program.begin();
        rules.rules().reversed().forEach(program::rule);
        program.answer(rules.allowed() ? ALLOWED : REFUSED);
        return program.code.bytes();
    }

    private void begin() {
        code.loadWord(TYPE, CONTEXT, ACCESS_TYPE)
                .move(WANTED, TYPE)
                .and(TYPE, 0xFFFF)
                .shiftRight(WANTED, 16)
                .loadWord(MAJOR_NUMBER, CONTEXT, MAJOR)
                .loadWord(MINOR_NUMBER, CONTEXT, MINOR);
    }

    private void rule(Rule rule) {
        if (tooLarge(rule.major()) || tooLarge(rule.minor())) {
            return; // no device has such a number
        }
        EbpfAssembler.Label next = code.label();
        code.unlessEqualGo(TYPE, rule.type().equals("b") ? BLOCK_DEVICE : CHARACTER_DEVICE, next);
        if (rule.major() != DeviceRules.ANY) {
            code.unlessEqualGo(MAJOR_NUMBER, (int) rule.major(), next);
        }
        if (rule.minor() != DeviceRules.ANY) {
            code.unlessEqualGo(MINOR_NUMBER, (int) rule.minor(), next);
        }
        int accesses = accesses(rule.access());
        if (rule.allow()) {
            code.and(WANTED, ~accesses).unlessEqualGo(WANTED, 0, next);
            answer(ALLOWED);
        } else {
            EbpfAssembler.Label denied = code.label();
            code.ifBitsGo(WANTED, accesses, denied).go(next).place(denied);
            answer(REFUSED);
        }
        code.place(next);
    }

    private void answer(int value) {
        code.set(ANSWER, value).exit();
    }

    private static boolean tooLarge(long number) {
        return number > Integer.MAX_VALUE;
    }

    private static int accesses(String letters) {
        return (letters.contains("m") ? MAKE_NODE : 0)
                | (letters.contains("r") ? READ : 0)
                | (letters.contains("w") ? WRITE : 0);
    }
}
