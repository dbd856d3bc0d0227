package dev.gantry.runtime.launch.compile;

import static dev.gantry.runtime.launch.compile.Emitter.ZERO;
import static dev.gantry.runtime.launch.compile.Emitter.value;

import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.program.Condition;
import dev.gantry.runtime.program.Label;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Report;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.StructType;
import dev.gantry.runtime.program.Syscall;

/// Where a process waits until the daemon has done what only a process outside of its namespaces can do.
final class StopSteps {
    private final Emitter e;

    StopSteps(Emitter e) {
        this.e = e;
    }

    /// Says what is wanted, and waits. If the daemon goes away instead of doing it, so does the process.
    ///
    /// @param wanted of [LaunchPlan.Wanted]
    /// @param pid the process as the host sees it; zero is the container's
    void stop(String words, int wanted, Operand pid) {
        stop(words, wanted, pid, ZERO);
    }

    /// @param descriptor of the process's that the daemon is to take
    void stop(String words, int wanted, Operand pid, Operand descriptor) {
        Slot answered = e.b.slot("answered");
        Label done = e.label("go_on");
        e.step(words, "default");
        e.b.call(
                Syscall.WRITE,
                value(e.b.reportDescriptor()),
                e.b.struct(StructType.RECORD, value(Report.READY), value(wanted), pid, descriptor),
                value(Report.SIZE));
        e.b.call(answered, OnError.RESTART, Syscall.READ, e.descriptor(LaunchPlan.GO), e.b.buffer("word", 8), value(1));
        e.b.jumpIf(answered, Condition.NOT_EQUAL, ZERO, done);
        e.step("wait for the daemon", "default");
        e.refuse();
        e.b.place(done);
    }
}
