package dev.gantry.runtime.program.encode;

import dev.gantry.runtime.program.Architecture;
import dev.gantry.runtime.program.Condition;
import dev.gantry.runtime.program.Memory;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Operation;
import dev.gantry.runtime.program.Program;
import dev.gantry.runtime.program.Report;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.Syscall;

/// aarch64: arguments in x0 to x5, number in x8, result in x0; the call keeps all other registers (syscall(2)). x19
/// holds the address of the variables from the first instruction on; computations use x9, x10 and x16; w11 carries
/// the step to the failure exit.
final class Aarch64Encoder implements Encoder {
    private static final int NUMBER = 8;
    private static final int LEFT = 9;
    private static final int RIGHT = 10;
    private static final int STEP = 11;
    private static final int SCRATCH = 16;
    private static final int VARIABLES = 19;
    private static final int ZERO_REGISTER = 31;

    // condition codes of b.cond; the lowest bit inverts
    private static final int EQ = 0x0;
    private static final int NE = 0x1;
    private static final int LO = 0x3;
    private static final int GE = 0xA;
    private static final int LT = 0xB;

    private static final int SVC = 0xD400_0001;
    private static final int B = 0x1400_0000;
    private static final int B_COND = 0x5400_0000;
    private static final int MOVN = 0x9280_0000;
    private static final int MOVZ = 0xD280_0000;
    private static final int MOVK = 0xF280_0000;
    private static final int BRANCH_RANGE = 1 << 27;

    private final Assembly assembly;

    Aarch64Encoder(Assembly assembly) {
        this.assembly = assembly;
    }

    @Override
    public Architecture architecture() {
        return Architecture.AARCH64;
    }

    @Override
    public void prologue() {
        loadNumber(VARIABLES, Memory.VARIABLES);
    }

    @Override
    public void argument(int index, Operand value) {
        load(index, value);
    }

    @Override
    public void systemCall(int number) {
        loadNumber(NUMBER, number);
        emit(SVC);
    }

    @Override
    public void injectError(int errno) {
        loadNumber(0, -errno);
    }

    @Override
    public void storeResult(Slot target) {
        store(0, target);
    }

    @Override
    public int skipUnlessError(boolean far) {
        emit(0xB100_0000 | 4095 << 10 | ZERO_REGISTER); // cmn x0, #4095
        return skipIf(LO);
    }

    @Override
    public int skipUnlessErrno(int errno) {
        emit(0x3100_0000 | errno << 10 | ZERO_REGISTER); // cmn w0, #errno
        return skipIf(NE);
    }

    @Override
    public void bind(int branch) {
        int words = (assembly.current().size() - branch) / 4;
        assembly.current().set(branch, assembly.current().get(branch) | words << 5);
    }

    @Override
    public void undefined() {
        emit(0); // udf #0
    }

    @Override
    public void loadStep(int step) {
        loadNumber(STEP, step);
    }

    @Override
    public void jump(int label) {
        assembly.branchesTo(assembly.current().size(), label);
        emit(B);
    }

    @Override
    public void jumpIf(Slot left, Condition condition, Operand right, int label) {
        load(LEFT, left);
        load(RIGHT, right);
        boolean bits = condition == Condition.ANY_BIT || condition == Condition.NO_BIT;
        registers(bits ? 0xEA00_0000 : 0xEB00_0000, ZERO_REGISTER); // tst or cmp
        int inverted = switch (condition) {
            case EQUAL, NO_BIT -> NE;
            case NOT_EQUAL, ANY_BIT -> EQ;
            case LESS -> GE;
            case GREATER_OR_EQUAL -> LT;
        };
        int skip = skipIf(inverted);
        jump(label);
        bind(skip);
    }

    @Override
    public void compute(Slot target, Operation operation, Operand operand) {
        if (operation != Operation.MOVE) {
            load(LEFT, target);
        }
        load(operation == Operation.MOVE ? LEFT : RIGHT, operand);
        switch (operation) {
            case MOVE -> {}
            case ADD -> registers(0x8B00_0000, LEFT);
            case SUBTRACT -> registers(0xCB00_0000, LEFT);
            case AND -> registers(0x8A00_0000, LEFT);
            case OR -> registers(0xAA00_0000, LEFT);
            case SHIFT_LEFT -> registers(0x9AC0_2000, LEFT);
            case SHIFT_RIGHT -> registers(0x9AC0_2400, LEFT);
        }
        store(LEFT, target);
    }

    @Override
    public void failureExit(int record, int descriptor) {
        if (descriptor != Program.NO_REPORT) {
            emit(0x4B00_0000 | ZERO_REGISTER << 5); // neg w0, w0
            store(0, new Slot("errno", record + 8, 4));
            store(STEP, new Slot("step", record + 4, 4));
            loadNumber(LEFT, Report.FAILED);
            store(LEFT, new Slot("kind", record, 4));
            loadNumber(0, descriptor);
            loadNumber(1, record);
            loadNumber(2, Report.SIZE);
            systemCall(Syscall.WRITE.number(Architecture.AARCH64));
        }
        loadNumber(0, Program.FAILURE_EXIT_CODE);
        systemCall(Syscall.EXIT_GROUP.number(Architecture.AARCH64));
        undefined();
    }

    @Override
    public void setDistance(Code code, int at, int distance) {
        if (distance < -BRANCH_RANGE || distance >= BRANCH_RANGE) {
            throw new IllegalStateException("branch over " + distance + " bytes, want less than " + BRANCH_RANGE);
        }
        code.set(at, B | ((distance >> 2) & 0x03FF_FFFF));
    }

    private void emit(int instruction) {
        assembly.current().u32(instruction);
    }

    private void load(int register, Operand value) {
        switch (value) {
            case Operand.Immediate(long number) -> loadNumber(register, number);
            case Operand.Address address -> loadNumber(register, address.absolute());
            case Slot slot -> access(loadOpcode(slot.width()), register, slot);
        }
    }

    private void store(int register, Slot slot) {
        access(storeOpcode(slot.width()), register, slot);
    }

    /// movz or movn for the first 16 bits that differ from the background of zeros or ones, movk for the others.
    private void loadNumber(int register, long value) {
        boolean ones = value < 0;
        long background = ones ? 0xFFFF : 0;
        boolean first = true;
        for (int part = 0; part < 4; part++) {
            long bits = (value >>> (16 * part)) & 0xFFFF;
            if (bits == background) {
                continue;
            }
            int movable = (int) (first && ones ? bits ^ 0xFFFF : bits);
            emit((first ? wide(ones) : MOVK) | part << 21 | movable << 5 | register);
            first = false;
        }
        if (first) {
            emit(wide(ones) | register);
        }
    }

    private static int wide(boolean ones) {
        return ones ? MOVN : MOVZ;
    }

    /// A load or store with an offset that is scaled by the width; through a scratch register where it does not fit.
    private void access(int opcode, int register, Slot slot) {
        int offset = slot.address() - Memory.VARIABLES;
        int scaled = offset / slot.width();
        if (offset >= 0 && scaled * slot.width() == offset && scaled < 4096) {
            emit(opcode | scaled << 10 | VARIABLES << 5 | register);
        } else {
            loadNumber(SCRATCH, slot.address());
            emit(opcode | SCRATCH << 5 | register);
        }
    }

    private static int loadOpcode(int width) {
        return switch (width) {
            case 8 -> 0xF940_0000; // ldr x
            case 4 -> 0xB980_0000; // ldrsw
            case 2 -> 0x7940_0000; // ldrh
            case 1 -> 0x3940_0000; // ldrb
            default -> throw new AssertionError(width);
        };
    }

    private static int storeOpcode(int width) {
        return switch (width) {
            case 8 -> 0xF900_0000; // str x
            case 4 -> 0xB900_0000; // str w
            case 2 -> 0x7900_0000; // strh
            case 1 -> 0x3900_0000; // strb
            default -> throw new AssertionError(width);
        };
    }

    /// An operation on the left and the right register.
    private void registers(int opcode, int target) {
        emit(opcode | RIGHT << 16 | LEFT << 5 | target);
    }

    private int skipIf(int condition) {
        int at = assembly.current().size();
        emit(B_COND | condition);
        return at;
    }
}
