package dev.gantry.runtime.program;

import java.util.ArrayList;
import java.util.List;

/// A program as a value: its instructions in the order in which they were added, and its data. Immutable.
public final class Program {
    /// No report descriptor: failures only exit.
    public static final int NO_REPORT = -1;

    /// The exit code of a process whose call failed.
    public static final int FAILURE_EXIT_CODE = 125;

    private final List<Instruction> instructions;
    private final List<Instruction.Call> calls;
    private final byte[] constants;
    private final byte[] variables;
    private final int variableSize;
    private final int labelCount;
    private final int reportDescriptor;

    Program(List<Instruction> instructions, Segment constants, Segment variables, int labels, int reportDescriptor) {
        this.instructions = List.copyOf(instructions);
        this.calls = calls(instructions);
        this.constants = constants.whole();
        this.variables = variables.written();
        this.variableSize = variables.size();
        this.labelCount = labels;
        this.reportDescriptor = reportDescriptor;
    }

    private static List<Instruction.Call> calls(List<Instruction> instructions) {
        List<Instruction.Call> calls = new ArrayList<>();
        for (Instruction each : instructions) {
            if (each instanceof Instruction.Call call) {
                calls.add(call);
            }
        }
        return List.copyOf(calls);
    }

    private Program(Program other, List<Instruction> instructions) {
        this.instructions = List.copyOf(instructions);
        this.calls = other.calls;
        this.constants = other.constants;
        this.variables = other.variables;
        this.variableSize = other.variableSize;
        this.labelCount = other.labelCount;
        this.reportDescriptor = other.reportDescriptor;
    }

    /// All instructions in order.
    public List<Instruction> instructions() {
        return instructions;
    }

    /// The calls in order; a failure record's step is an index into this list.
    public List<Instruction.Call> calls() {
        return calls;
    }

    /// The content of the read-only region after the headers.
    public byte[] constants() {
        return constants.clone();
    }

    /// The initial content of the variables; what follows up to [#variableSize] is zero.
    public byte[] variables() {
        return variables.clone();
    }

    /// Bytes of all variables.
    public int variableSize() {
        return variableSize;
    }

    /// One more than the highest label number.
    public int labelCount() {
        return labelCount;
    }

    /// The descriptor that failure records are written to, or [#NO_REPORT].
    public int reportDescriptor() {
        return reportDescriptor;
    }

    /// The variant whose call `index` is not made and appears to fail with `errno`, for fault injection.
    ///
    /// @param errno positive, at most 4095
    public Program failingAt(int index, int errno) {
        if (errno < 1 || errno > 4095) {
            throw new IllegalArgumentException("errno: got " + errno + ", want 1 to 4095");
        }
        Instruction.Call failing = calls.get(index);
        var changed = new ArrayList<Instruction>(instructions);
        changed.set(instructions.indexOf(failing), failing.failingWith(errno));
        return new Program(this, changed);
    }
}
