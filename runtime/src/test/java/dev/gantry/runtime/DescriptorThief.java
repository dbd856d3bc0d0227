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

/// A program that waits for the next process of its PID namespace, and from the moment of its birth takes every
/// descriptor above its standard streams, over and over, until there is none: then the process has executed its
/// command.
///
/// After each process it writes to its standard output what it has done ([Deeds]): processes, descriptors that it got,
/// and
/// those that it should not have got. Of these it writes the `struct stat` to its standard error.
final class DescriptorThief {
    /// Higher ones the victims do not have.
    private static final int DESCRIPTORS = 40;
    private static final int AHEAD = 3;
    private static final int FAR_AHEAD = 1000;
    /// In so many looks one is far ahead; a power of two.
    private static final int FAR_LOOK = 4096;
    static final int STAT_SIZE = 144;
    private static final long AT_FDCWD = -100;

    private final ProgramBuilder b = new ProgramBuilder(Program.NO_REPORT);
    private final Slot pid = b.slot("pid");
    private final Slot last = b.slot("last");
    private final Slot rounds = b.slot("rounds");
    private final Slot candidate = b.slot("candidate");
    private final Slot pidfd = b.slot("pidfd");
    private final Slot stolen = b.slot("stolen");
    private final Slot found = b.slot("found");
    private final Slot kind = b.slot("kind");
    private final Operand.Address stat = b.buffer("stat", STAT_SIZE);
    private final Operand.Address rootStat = b.buffer("root", STAT_SIZE);
    private final Operand.Address deeds = b.buffer("deeds", Deeds.SIZE);
    private final Slot victims = deeds.field("victims", 0, 8);
    private final Slot thefts = deeds.field("thefts", 8, 8);
    private final Slot harm = deeds.field("harm", 16, 8);

    private DescriptorThief() {}

    /// Which files are loot.
    interface Rule {
        /// Appends jumps to one of the labels; what falls through is loot.
        void judge(DescriptorThief thief, Label harmless, Label loot);
    }

    static byte[] executable(Rule rule) {
        return Assembler.assemble(new DescriptorThief().program(rule), Architecture.host());
    }

    /// Pipes, character devices, directories of the file system that is the thief's root, and eventfds are harmless. Of
    /// the files without a type only an eventfd takes eight bytes, and these zeros change nothing of it.
    void harmlessUnlessForeign(Label harmless, Label loot) {
        b.move(kind, stat.field("st_mode", modeAt(), 4));
        b.compute(kind, Operation.AND, Operand.of(0xF000));
        Label typed = b.label("typed");
        b.jumpIf(kind, Condition.NOT_EQUAL, Operand.of(0), typed);
        b.call(OnError.jump(loot), Syscall.WRITE, stolen, b.buffer("zeros", 8), Operand.of(8));
        b.jump(harmless);
        b.place(typed);
        b.jumpIf(kind, Condition.EQUAL, Operand.of(0x1000), harmless);
        b.jumpIf(kind, Condition.EQUAL, Operand.of(0x2000), harmless);
        b.jumpIf(kind, Condition.NOT_EQUAL, Operand.of(0x4000), loot);
        b.jumpIf(device(stat), Condition.EQUAL, device(rootStat), harmless);
    }

    /// What lies on one of these devices is loot.
    void lootOn(Iterable<Long> devices, Label harmless, Label loot) {
        for (long each : devices) {
            b.jumpIf(device(stat), Condition.EQUAL, Operand.of(each), loot);
        }
        b.jump(harmless);
    }

    private static Slot device(Operand.Address stat) {
        return stat.field("st_dev", 0, 8);
    }

    static int modeAt() {
        return switch (Architecture.host()) {
            case X86_64 -> 24;
            case AARCH64 -> 16;
        };
    }

    private Program program(Rule rule) {
        Label next = b.label("next");
        Label pass = b.label("pass");
        b.call(Syscall.NEWFSTATAT, Operand.of(AT_FDCWD), b.string("/"), rootStat, Operand.of(0));
        b.move(pid, Operand.of(2));
        b.place(next);
        awaitProcess();
        b.place(pass);
        b.move(found, Operand.of(0));
        for (int number = 3; number < DESCRIPTORS; number++) {
            take(number, rule);
        }
        b.jumpIf(found, Condition.NOT_EQUAL, Operand.of(0), pass);
        b.call(OnError.IGNORE, Syscall.CLOSE, pidfd);
        b.compute(victims, Operation.ADD, Operand.of(1));
        b.call(Syscall.WRITE, Operand.of(1), deeds, Operand.of(Deeds.SIZE));
        b.jump(next);
        return b.build();
    }

    /// Looks at the next numbers all the time, and now and then at many more: while this program has no processor, many
    /// processes come and go.
    private void awaitProcess() {
        Label look = b.label("look");
        Label each = b.label("each");
        Label born = b.label("born");
        b.place(look);
        b.compute(rounds, Operation.ADD, Operand.of(1));
        b.move(last, pid);
        b.compute(last, Operation.ADD, Operand.of(AHEAD));
        Label near = b.label("near");
        b.jumpIf(rounds, Condition.ANY_BIT, Operand.of(FAR_LOOK - 1), near);
        b.compute(last, Operation.ADD, Operand.of(FAR_AHEAD));
        b.place(near);
        b.move(candidate, pid);
        b.place(each);
        b.call(pidfd, OnError.IGNORE, Syscall.PIDFD_OPEN, candidate, Operand.of(0));
        b.compute(candidate, Operation.ADD, Operand.of(1));
        b.jumpIf(pidfd, Condition.GREATER_OR_EQUAL, Operand.of(0), born);
        b.jumpIf(candidate, Condition.LESS, last, each);
        b.jump(look);
        b.place(born);
        b.move(pid, candidate);
    }

    private void take(int number, Rule rule) {
        Label absent = b.label("absent");
        Label loot = b.label("loot");
        Label harmless = b.label("harmless");
        b.call(stolen, OnError.jump(absent), Syscall.PIDFD_GETFD, pidfd, Operand.of(number), Operand.of(0));
        b.compute(found, Operation.ADD, Operand.of(1));
        b.compute(thefts, Operation.ADD, Operand.of(1));
        b.call(OnError.jump(harmless), Syscall.FSTAT, stolen, stat);
        rule.judge(this, harmless, loot);
        b.place(loot);
        b.compute(harm, Operation.ADD, Operand.of(1));
        b.call(OnError.IGNORE, Syscall.WRITE, Operand.of(2), stat, Operand.of(STAT_SIZE));
        b.place(harmless);
        b.call(OnError.IGNORE, Syscall.CLOSE, stolen);
        b.place(absent);
    }
}
