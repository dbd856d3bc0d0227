package dev.gantry.runtime.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Builds a [Program]. Every call belongs to the step that was set last.
///
/// ```java
/// var b = new ProgramBuilder(3);
/// b.step(Role.CONTAINER, "mount proc on /proc", "default");
/// Slot fs = b.slot("proc_fs");
/// b.call(fs, Syscall.FSOPEN, b.string("proc"), Operand.of(FSOPEN_CLOEXEC));
/// ```
///
/// Not thread-safe. The builder is spent after [#build].
public final class ProgramBuilder {
    private final Segment constants =
            new Segment(Memory.CONSTANTS + Memory.HEADER_SIZE, Memory.CONSTANTS_LIMIT - Memory.HEADER_SIZE);
    private final Segment variables = new Segment(Memory.VARIABLES, Memory.VARIABLES_LIMIT);
    private final Map<Object, Operand.Address> interned = new HashMap<>();
    private final List<Instruction> instructions = new ArrayList<>();
    private final int reportDescriptor;
    private Section section = Section.LAUNCH;
    private Step step = new Step(Role.SHIM, "start", "default");
    private boolean[] placed = new boolean[16];
    private int labels;
    private int calls;

    /// Starts a program.
    ///
    /// @param reportDescriptor where failure records go, or [Program#NO_REPORT]
    public ProgramBuilder(int reportDescriptor) {
        this.reportDescriptor = reportDescriptor;
        variables.reserve(Report.SIZE, 8);
    }

    /// The descriptor that failure records go to.
    public int reportDescriptor() {
        return reportDescriptor;
    }

    // ---- steps

    /// Sets the step of the calls that follow.
    public ProgramBuilder step(Role role, String words, String why) {
        step = new Step(role, words, why);
        return this;
    }

    /// Sets the step of the calls that follow, made by the same process as before.
    public ProgramBuilder step(String words, String why) {
        return step(step.role(), words, why);
    }

    /// Which process makes the calls that follow.
    public Role role() {
        return step.role();
    }

    // ---- data

    /// The address of a string constant; equal strings share one.
    public Operand.Address string(String value) {
        return interned.computeIfAbsent(value, _ -> at(new Item.Text(constants.text(value), value)));
    }

    /// The address of an argument vector or environment: pointers to strings, and a null pointer.
    public Operand.Address strings(List<String> values) {
        int address = constants.reserve(8 * (values.size() + 1), 8);
        for (int i = 0; i < values.size(); i++) {
            constants.write(address + 8 * i, 8, string(values.get(i)).absolute());
        }
        return at(new Item.Strings(address, values));
    }

    /// The address of constant bytes, aligned to 8.
    public Operand.Address bytes(byte[] value) {
        int address = constants.reserve(value.length, 8);
        constants.write(address, value);
        return at(new Item.Bytes(address, value));
    }

    /// The address of a struct, or of an array if there are several times as many fields as the type has.
    ///
    /// Constant structs are read-only and shared. With a slot among the fields the struct is a variable, and the
    /// slot's value is copied into it before each call that uses it.
    public Operand.Address struct(StructType type, Operand... fields) {
        return struct(type, List.of(fields));
    }

    /// As the other form.
    public Operand.Address struct(StructType type, List<Operand> fields) {
        for (Operand field : fields) { // no stream: some hundred structs are made for each start
            if (field instanceof Slot) {
                return variable(type, fields);
            }
        }
        var key = new Item.Struct(0, type, fields);
        return interned.computeIfAbsent(key, _ -> allocate(constants, type, fields));
    }

    /// The address of a struct that the kernel or the program may change.
    public Operand.Address variable(StructType type, Operand... fields) {
        return variable(type, List.of(fields));
    }

    /// As the other form.
    public Operand.Address variable(StructType type, List<Operand> fields) {
        return allocate(variables, type, fields);
    }

    /// A variable string, for text that resident code needs (constants are unmapped with the launch).
    public Operand.Address residentBytes(byte[] value) {
        int address = variables.reserve(value.length, 8);
        variables.write(address, value);
        return at(new Item.Bytes(address, value));
    }

    /// Zeroed memory that the kernel or the program fills, aligned to 8.
    public Operand.Address buffer(String name, int size) {
        return at(new Item.Buffer(variables.reserve(size, 8), name, size));
    }

    /// A variable of 8 bytes, zero at first.
    public Slot slot(String name) {
        return new Slot(name, variables.reserve(8, 8), 8);
    }

    /// A variable of 4 bytes, zero at first, for the kernel to write an `int` to.
    public Slot intSlot(String name) {
        return new Slot(name, variables.reserve(4, 4), 4);
    }

    /// The address of a slot.
    public Operand.Address addressOf(Slot slot) {
        return at(new Item.Buffer(slot.address(), slot.name(), slot.width()));
    }

    // ---- instructions

    /// The index that the next call gets.
    public int nextCall() {
        return calls;
    }

    /// A call whose failure ends the program.
    public void call(Syscall syscall, Operand... arguments) {
        append(null, OnError.FAIL, syscall, arguments);
    }

    /// A call whose failure ends the program, and whose result is kept.
    public void call(Slot result, Syscall syscall, Operand... arguments) {
        append(result, OnError.FAIL, syscall, arguments);
    }

    /// A call with a policy for errors.
    public void call(OnError onError, Syscall syscall, Operand... arguments) {
        append(null, onError, syscall, arguments);
    }

    /// A call with a policy for errors, whose result (or negative errno) is kept.
    public void call(Slot result, OnError onError, Syscall syscall, Operand... arguments) {
        append(result, onError, syscall, arguments);
    }

    /// Ends the process.
    public void exit(Operand code) {
        append(null, OnError.IGNORE, Syscall.EXIT_GROUP, code);
    }

    /// A new label, to be [placed][#place] once.
    public Label label(String name) {
        return new Label(labels++, name);
    }

    /// Puts a label here.
    public void place(Label label) {
        if (label.number() >= placed.length) {
            placed = Arrays.copyOf(placed, Math.max(labels, placed.length * 2));
        }
        if (placed[label.number()]) {
            throw new IllegalStateException("label \"" + label + "\" is placed twice");
        }
        placed[label.number()] = true;
        instructions.add(new Instruction.Place(label));
    }

    /// Goes on at a label.
    public void jump(Label target) {
        instructions.add(new Instruction.Jump(target));
    }

    /// Goes on at a label if the condition holds.
    public void jumpIf(Slot left, Condition condition, Operand right, Label target) {
        instructions.add(new Instruction.JumpIf(left, condition, right, target));
    }

    /// target = operand
    public void move(Slot target, Operand operand) {
        compute(target, Operation.MOVE, operand);
    }

    /// Changes a slot.
    public void compute(Slot target, Operation operation, Operand operand) {
        instructions.add(new Instruction.Compute(target, operation, operand));
    }

    /// The section of the instructions that follow; the program's flow goes on there.
    public void section(Section next) {
        if (next == section) {
            return;
        }
        if (fallsThrough()) {
            Label entry = label(next.name());
            jump(entry);
            instructions.add(new Instruction.Enter(next));
            place(entry);
        } else {
            instructions.add(new Instruction.Enter(next));
        }
        section = next;
    }

    /// Unmaps constants and launch code. Only for resident code, which from then on uses variables only.
    public void releaseLaunchPages() {
        if (section != Section.RESIDENT) {
            throw new IllegalStateException("launch code cannot unmap itself");
        }
        call(
                OnError.IGNORE,
                Syscall.MUNMAP,
                Operand.of(Memory.CONSTANTS),
                Operand.of(Memory.RESIDENT - Memory.CONSTANTS));
    }

    /// The finished program.
    public Program build() {
        if (fallsThrough()) {
            exit(Operand.of(0));
        }
        for (Instruction each : instructions) {
            checkTargets(each);
        }
        return new Program(instructions, constants, variables, labels, reportDescriptor);
    }

    private void append(@Nullable Slot result, OnError onError, Syscall syscall, Operand... arguments) {
        for (Operand argument : arguments) {
            patch(argument);
        }
        Slot counter = onError.retries() ? slot("retries") : null;
        List<Operand> all = padded(syscall, arguments);
        instructions.add(new Instruction.Call(calls++, syscall, all, result, onError, step, counter, 0));
    }

    /// Calls whose number of arguments depends on the first ones are given zeros for the rest.
    private static List<Operand> padded(Syscall syscall, Operand... arguments) {
        boolean variadic = syscall == Syscall.PRCTL
                || syscall == Syscall.KEYCTL
                || syscall == Syscall.FCNTL
                || syscall == Syscall.OPENAT;
        if (!variadic || arguments.length == syscall.parameters()) {
            return List.of(arguments);
        }
        var all = new ArrayList<Operand>(List.of(arguments));
        while (all.size() < syscall.parameters()) {
            all.add(Operand.of(0));
        }
        return all;
    }

    /// Fills the fields of a struct that take a slot's value, also in structs that its pointers reach.
    private void patch(Operand argument) {
        if (!(argument instanceof Operand.Address address) || !(address.item() instanceof Item.Struct struct)) {
            return;
        }
        for (int i = 0; i < struct.fields().size(); i++) {
            Operand field = struct.fields().get(i);
            if (field instanceof Slot source) {
                int at = struct.address() + struct.type().offset(i);
                move(new Slot(source.name(), at, struct.type().width(i)), source);
            } else {
                patch(field);
            }
        }
    }

    private Operand.Address allocate(Segment segment, StructType type, List<Operand> fields) {
        if (fields.isEmpty() || fields.size() % type.fieldCount() != 0) {
            throw new IllegalArgumentException(
                    type + " fields: got " + fields.size() + ", want a multiple of " + type.fieldCount());
        }
        int address = segment.reserve(type.size() * (fields.size() / type.fieldCount()), 8);
        for (int i = 0; i < fields.size(); i++) {
            long value = switch (fields.get(i)) {
                case Operand.Immediate(long number) -> number;
                case Operand.Address target -> target.absolute();
                case Slot _ -> 0;
            };
            segment.write(address + type.offset(i), type.width(i), value);
        }
        return at(new Item.Struct(address, type, fields));
    }

    private boolean fallsThrough() {
        Instruction last = instructions.isEmpty() ? null : instructions.getLast();
        return switch (last) {
            case null -> true;
            case Instruction.Jump _ -> false;
            case Instruction.Call call -> !call.syscall().ends();
            case Instruction.Place _, Instruction.JumpIf _, Instruction.Compute _, Instruction.Enter _ -> true;
        };
    }

    private void checkTargets(Instruction instruction) {
        switch (instruction) {
            case Instruction.Jump(Label target) -> checkPlaced(target);
            case Instruction.JumpIf jump -> checkPlaced(jump.target());
            case Instruction.Call call -> {
                for (OnError.Case each : call.onError().cases()) {
                    checkTarget(each.outcome());
                }
                checkTarget(call.onError().otherwise());
            }
            case Instruction.Place _, Instruction.Compute _, Instruction.Enter _ -> {}
        }
    }

    private void checkTarget(OnError.Outcome outcome) {
        if (outcome instanceof OnError.Outcome.Go(Label target)) {
            checkPlaced(target);
        }
    }

    private void checkPlaced(Label label) {
        if (label.number() >= placed.length || !placed[label.number()]) {
            throw new IllegalStateException("label \"" + label + "\" is never placed");
        }
    }

    private static Operand.Address at(Item item) {
        return new Operand.Address(item, 0);
    }
}
