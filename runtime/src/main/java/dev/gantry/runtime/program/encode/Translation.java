package dev.gantry.runtime.program.encode;

import dev.gantry.runtime.program.Condition;
import dev.gantry.runtime.program.Instruction;
import dev.gantry.runtime.program.Memory;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Operation;
import dev.gantry.runtime.program.Program;
import dev.gantry.runtime.program.Section;
import dev.gantry.runtime.program.Slot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Walks over a program's instructions and has each encoded.
///
/// Each section has a failure exit of its own at its end: resident code still fails properly when the launch code
/// is gone.
final class Translation {
    private static final Operand ZERO = Operand.of(0);
    private static final Operand ONE = Operand.of(1);

    private final Program program;
    private final Assembly assembly;
    private final Encoder encoder;
    private int failure;

    Translation(Program program, Assembly assembly, Encoder encoder) {
        this.program = program;
        this.assembly = assembly;
        this.encoder = encoder;
    }

    void run() {
        int launchFailure = assembly.newLabel();
        int residentFailure = assembly.newLabel();
        failure = launchFailure;
        encoder.prologue();
        for (Instruction each : program.instructions()) {
            if (each instanceof Instruction.Enter(Section section)) {
                assembly.enter(section);
                failure = section == Section.LAUNCH ? launchFailure : residentFailure;
            } else {
                translate(each);
            }
        }
        endSection(Section.LAUNCH, launchFailure);
        if (assembly.resident().size() > 0) {
            endSection(Section.RESIDENT, residentFailure);
        }
    }

    private void endSection(Section section, int label) {
        assembly.enter(section);
        assembly.place(label);
        encoder.failureExit(Memory.VARIABLES, program.reportDescriptor());
    }

    private void translate(Instruction instruction) {
        switch (instruction) {
            case Instruction.Call call -> call(call);
            case Instruction.Place place -> assembly.place(place.label().number());
            case Instruction.Jump jump -> encoder.jump(jump.target().number());
            case Instruction.JumpIf jump ->
                encoder.jumpIf(
                        jump.left(),
                        jump.condition(),
                        jump.right(),
                        jump.target().number());
            case Instruction.Compute(Slot target, Operation operation, Operand operand) ->
                encoder.compute(target, operation, operand);
            case Instruction.Enter _ -> throw new AssertionError("sections are entered by the loop above");
        }
    }

    private void call(Instruction.Call call) {
        Slot counter = call.counter();
        int start = -1;
        if (counter != null) {
            encoder.compute(counter, Operation.MOVE, ZERO);
            start = assembly.newLabel();
            assembly.place(start);
        }
        perform(call);
        if (call.syscall().ends()) {
            encoder.undefined();
            return;
        }
        if (call.result() != null) {
            encoder.storeResult(call.result());
        }
        OnError policy = call.onError();
        if (policy.cases().isEmpty() && policy.otherwise() instanceof OnError.Outcome.Continue) {
            return;
        }
        int done = encoder.skipUnlessError(!policy.cases().isEmpty());
        handle(call, policy, start);
        encoder.bind(done);
    }

    private void perform(Instruction.Call call) {
        if (call.injected() != 0) {
            encoder.injectError(call.injected());
            return;
        }
        List<Operand> arguments = call.arguments();
        for (int i = 0; i < arguments.size(); i++) {
            encoder.argument(i, arguments.get(i));
        }
        encoder.systemCall(call.syscall().number(encoder.architecture()));
    }

    private void handle(Instruction.Call call, OnError policy, int start) {
        int end = assembly.newLabel();
        for (OnError.Case each : policy.cases()) {
            int next = encoder.skipUnlessErrno(each.errno().number());
            outcome(call, each.outcome(), call.counter(), start, end);
            encoder.bind(next);
        }
        outcome(call, policy.otherwise(), call.counter(), start, end);
        assembly.place(end);
    }

    private void outcome(Instruction.Call call, OnError.Outcome outcome, @Nullable Slot counter, int start, int end) {
        switch (outcome) {
            case OnError.Outcome.Fail() -> {
                encoder.loadStep(call.index());
                encoder.jump(failure);
            }
            case OnError.Outcome.Continue() -> encoder.jump(end);
            case OnError.Outcome.Go(var label) -> encoder.jump(label.number());
            case OnError.Outcome.Retry(int times) -> {
                if (counter == null) {
                    throw new IllegalStateException("call " + call.index() + " repeats without a counter");
                }
                encoder.compute(counter, Operation.ADD, ONE);
                encoder.jumpIf(counter, Condition.LESS, Operand.of(times + 1L), start);
                encoder.loadStep(call.index());
                encoder.jump(failure);
            }
        }
    }
}
