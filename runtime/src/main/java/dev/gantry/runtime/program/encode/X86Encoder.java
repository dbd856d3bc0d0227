package dev.gantry.runtime.program.encode;

import dev.gantry.runtime.program.Architecture;
import dev.gantry.runtime.program.Condition;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Operation;
import dev.gantry.runtime.program.Program;
import dev.gantry.runtime.program.Report;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.Syscall;

/// x86-64: arguments in rdi, rsi, rdx, r10, r8, r9, number and result in rax; the call destroys rcx and r11
/// (syscall(2)). Computations use r11 and r10; ecx carries the step to the failure exit. Data is addressed
/// absolutely.
final class X86Encoder implements Encoder {
    private static final int RAX = 0;
    private static final int RCX = 1;
    private static final int RDX = 2;
    private static final int RSI = 6;
    private static final int RDI = 7;
    private static final int R10 = 10;
    private static final int R11 = 11;
    private static final int[] ARGUMENTS = {RDI, RSI, RDX, R10, 8, 9};

    // condition codes of jcc
    private static final int BELOW = 0x2;
    private static final int EQUAL = 0x4;
    private static final int NOT_EQUAL = 0x5;
    private static final int LESS = 0xC;
    private static final int GREATER_OR_EQUAL = 0xD;

    private static final int REX_W = 0x48;
    private static final int LOWEST_ERROR = -4095;
    /// Marks a branch with a displacement of 32 bits.
    private static final int FAR = 1;

    private final Assembly assembly;

    X86Encoder(Assembly assembly) {
        this.assembly = assembly;
    }

    @Override
    public Architecture architecture() {
        return Architecture.X86_64;
    }

    @Override
    public void prologue() {
        // nothing: data is addressed absolutely
    }

    @Override
    public void argument(int index, Operand value) {
        load(ARGUMENTS[index], value);
    }

    @Override
    public void systemCall(int number) {
        loadNumber(RAX, number);
        code().u8(0x0F);
        code().u8(0x05);
    }

    @Override
    public void injectError(int errno) {
        loadNumber(RAX, -errno);
    }

    @Override
    public void storeResult(Slot target) {
        store(RAX, target);
    }

    @Override
    public int skipUnlessError(boolean far) {
        compareResult(true, LOWEST_ERROR);
        return skipIf(BELOW, far);
    }

    @Override
    public int skipUnlessErrno(int errno) {
        compareResult(false, -errno);
        return skipIf(NOT_EQUAL, true);
    }

    @Override
    public void bind(int branch) {
        int at = branch >> 1;
        int end = code().size();
        if ((branch & FAR) == FAR) {
            code().set(at, end - at - 4);
        } else if (end - at - 1 <= Byte.MAX_VALUE) {
            code().setByte(at, end - at - 1);
        } else {
            throw new AssertionError("skip of " + (end - at - 1) + " bytes with a short branch");
        }
    }

    @Override
    public void undefined() {
        code().u8(0x0F); // ud2
        code().u8(0x0B);
    }

    @Override
    public void loadStep(int step) {
        loadNumber(RCX, step);
    }

    @Override
    public void jump(int label) {
        assembly.branchesTo(code().size(), label);
        code().u8(0xE9);
        code().u32(0);
    }

    @Override
    public void jumpIf(Slot left, Condition condition, Operand right, int label) {
        load(R11, left);
        load(R10, right);
        boolean bits = condition == Condition.ANY_BIT || condition == Condition.NO_BIT;
        registers(bits ? 0x85 : 0x39, R11, R10);
        int jcc = switch (condition) {
            case EQUAL, NO_BIT -> EQUAL;
            case NOT_EQUAL, ANY_BIT -> NOT_EQUAL;
            case LESS -> LESS;
            case GREATER_OR_EQUAL -> GREATER_OR_EQUAL;
        };
        assembly.branchesTo(code().size(), label);
        code().u8(0x0F);
        code().u8(0x80 | jcc);
        code().u32(0);
    }

    @Override
    public void compute(Slot target, Operation operation, Operand operand) {
        switch (operation) {
            case MOVE -> load(R11, operand);
            case ADD -> combine(0x01, target, operand);
            case SUBTRACT -> combine(0x29, target, operand);
            case AND -> combine(0x21, target, operand);
            case OR -> combine(0x09, target, operand);
            case SHIFT_LEFT -> shift(4, target, operand);
            case SHIFT_RIGHT -> shift(5, target, operand);
        }
        store(R11, target);
    }

    @Override
    public void failureExit(int record, int descriptor) {
        if (descriptor != Program.NO_REPORT) {
            code().u8(0xF7); // neg eax
            code().u8(0xD8);
            store(RAX, new Slot("errno", record + 8, 4));
            store(RCX, new Slot("step", record + 4, 4));
            loadNumber(RAX, Report.FAILED);
            store(RAX, new Slot("kind", record, 4));
            loadNumber(RDI, descriptor);
            loadNumber(RSI, record);
            loadNumber(RDX, Report.SIZE);
            systemCall(Syscall.WRITE.number(Architecture.X86_64));
        }
        loadNumber(RDI, Program.FAILURE_EXIT_CODE);
        systemCall(Syscall.EXIT_GROUP.number(Architecture.X86_64));
        undefined();
    }

    @Override
    public void setDistance(Code code, int at, int distance) {
        int length = (code.get(at) & 0xFF) == 0xE9 ? 5 : 6;
        code.set(at + length - 4, distance - length);
    }

    private Code code() {
        return assembly.current();
    }

    private void load(int register, Operand value) {
        switch (value) {
            case Operand.Immediate(long number) -> loadNumber(register, number);
            case Operand.Address address -> loadNumber(register, address.absolute());
            case Slot slot -> loadSlot(register, slot);
        }
    }

    private void loadNumber(int register, long value) {
        Code code = code();
        int low = register & 7;
        boolean extended = register >= 8;
        if (value == 0) { // xor r32, r32
            if (extended) {
                code.u8(0x45);
            }
            code.u8(0x31);
            code.u8(0xC0 | low << 3 | low);
        } else if (value == (value & 0xFFFF_FFFFL)) { // mov r32, imm32
            if (extended) {
                code.u8(0x41);
            }
            code.u8(0xB8 | low);
            code.u32((int) value);
        } else if (value == (int) value) { // mov r64, sign-extended imm32
            code.u8(REX_W | (extended ? 1 : 0));
            code.u8(0xC7);
            code.u8(0xC0 | low);
            code.u32((int) value);
        } else { // mov r64, imm64
            code.u8(REX_W | (extended ? 1 : 0));
            code.u8(0xB8 | low);
            code.u64(value);
        }
    }

    private void loadSlot(int register, Slot slot) {
        Code code = code();
        code.u8(REX_W | (register >= 8 ? 4 : 0));
        switch (slot.width()) {
            case 8 -> code.u8(0x8B);
            case 4 -> code.u8(0x63); // movsxd
            case 2 -> twoBytes(0xB7); // movzx
            case 1 -> twoBytes(0xB6);
            default -> throw new AssertionError(slot);
        }
        absolute(register, slot.address());
    }

    private void store(int register, Slot slot) {
        Code code = code();
        int rex = (slot.width() == 8 ? REX_W : 0x40) | (register >= 8 ? 4 : 0);
        if (slot.width() == 2) {
            code.u8(0x66);
        }
        if (rex != 0x40) {
            code.u8(rex);
        }
        code.u8(slot.width() == 1 ? 0x88 : 0x89);
        absolute(register, slot.address());
    }

    private void twoBytes(int opcode) {
        code().u8(0x0F);
        code().u8(opcode);
    }

    /// ModRM and SIB for an operand at [disp32].
    private void absolute(int register, int address) {
        code().u8((register & 7) << 3 | 4);
        code().u8(0x25);
        code().u32(address);
    }

    /// An operation of 64 bits on two of the registers from r8 on.
    private void registers(int opcode, int target, int source) {
        code().u8(REX_W | 5);
        code().u8(opcode);
        code().u8(0xC0 | (source & 7) << 3 | (target & 7));
    }

    private void combine(int opcode, Slot target, Operand operand) {
        load(R11, target);
        load(R10, operand);
        registers(opcode, R11, R10);
    }

    private void shift(int extension, Slot target, Operand operand) {
        load(R11, target);
        load(RCX, operand);
        code().u8(REX_W | 1);
        code().u8(0xD3);
        code().u8(0xC0 | extension << 3 | (R11 & 7));
    }

    private void compareResult(boolean wide, int value) {
        if (wide) {
            code().u8(REX_W);
        }
        code().u8(0x3D);
        code().u32(value);
    }

    private int skipIf(int condition, boolean far) {
        if (far) {
            code().u8(0x0F);
            code().u8(0x80 | condition);
            code().u32(0);
            return ((code().size() - 4) << 1) | FAR;
        }
        code().u8(0x70 | condition);
        code().u8(0);
        return (code().size() - 1) << 1;
    }
}
