package dev.gantry.runtime.program.encode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.runtime.program.Architecture;
import dev.gantry.runtime.program.Condition;
import dev.gantry.runtime.program.ErrorNumber;
import dev.gantry.runtime.program.ExecutableFile;
import dev.gantry.runtime.program.Label;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Operation;
import dev.gantry.runtime.program.Program;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Report;
import dev.gantry.runtime.program.Section;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.Syscall;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What programs do when calls fail, on both architectures (aarch64 under qemu-user).
class ErrorPolicyIT {
    private static final int AT_FDCWD = -100;
    private static final int SIGNALLED = 128;
    private static final int SIGILL = 4;

    private final ProgramBuilder b = new ProgramBuilder(ExecutableFile.REPORT);

    @ParameterizedTest
    @EnumSource
    void reportsStepAndErrnoOfAFailingCall(Architecture architecture) throws Exception {
        b.call(Syscall.GETPID);
        b.call(Syscall.OPENAT, Operand.of(AT_FDCWD), b.string("/no/such/file"), Operand.of(0));
        b.exit(Operand.of(0));
        ExecutableFile.Outcome outcome = run(architecture);
        assertThat(outcome.code()).isEqualTo(Program.FAILURE_EXIT_CODE);
        assertThat(outcome.reports()).containsExactly(new Report.Failed(1, ErrorNumber.ENOENT.number()));
    }

    /// What follows the constants in the file is code: the last string must not run into it.
    @ParameterizedTest
    @EnumSource
    void endsTheLastConstantWithItsZeroWhateverItsLength(Architecture architecture) throws Exception {
        for (int length = 1; length <= 16; length++) {
            var builder = new ProgramBuilder(ExecutableFile.REPORT);
            builder.call(Syscall.OPENAT, Operand.of(AT_FDCWD), builder.string("/".repeat(length)), Operand.of(0));
            builder.exit(Operand.of(0));
            try (ExecutableFile file = ExecutableFile.of(builder.build(), architecture)) {
                assertThat(file.run("").code()).as("a string of %d", length).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void reportsFromResidentCodeAfterTheLaunchCodeIsGone(Architecture architecture) throws Exception {
        b.section(Section.RESIDENT);
        b.releaseLaunchPages();
        b.call(Syscall.FCHDIR, Operand.of(999));
        ExecutableFile.Outcome outcome = run(architecture);
        assertThat(outcome.code()).isEqualTo(Program.FAILURE_EXIT_CODE);
        assertThat(outcome.reports()).containsExactly(new Report.Failed(1, ErrorNumber.EBADF.number()));
    }

    @ParameterizedTest
    @EnumSource
    void goesOnAfterAnIgnoredErrorAndKeepsTheNegativeErrno(Architecture architecture) throws Exception {
        Slot result = b.slot("result");
        b.call(result, OnError.IGNORE, Syscall.FCHDIR, Operand.of(999));
        printAndExit(result);
        assertThat(printed(run(architecture))).isEqualTo(-ErrorNumber.EBADF.number());
    }

    @ParameterizedTest
    @EnumSource
    void choosesTheCaseOfTheErrno(Architecture architecture) throws Exception {
        Label missing = b.label("missing");
        Label other = b.label("other");
        OnError policy = OnError.jump(other).jump(ErrorNumber.EACCES, other).jump(ErrorNumber.ENOENT, missing);
        b.call(policy, Syscall.OPENAT, Operand.of(AT_FDCWD), b.string("/no/such/file"), Operand.of(0));
        b.exit(Operand.of(1));
        b.place(missing);
        b.exit(Operand.of(42));
        b.place(other);
        b.exit(Operand.of(2));
        assertThat(run(architecture).code()).isEqualTo(42);
    }

    @ParameterizedTest
    @EnumSource
    void ignoresOneErrnoAndReportsTheOthers(Architecture architecture) throws Exception {
        OnError policy = OnError.FAIL.ignore(ErrorNumber.EBADF);
        b.call(policy, Syscall.FCHDIR, Operand.of(999));
        b.call(policy, Syscall.CHDIR, b.string("/no/such/directory"));
        assertThat(run(architecture).reports()).containsExactly(new Report.Failed(1, ErrorNumber.ENOENT.number()));
    }

    @ParameterizedTest
    @EnumSource
    void repeatsAsOftenAsAllowedAndThenReports(Architecture architecture) throws Exception {

        b.call(OnError.FAIL.retry(ErrorNumber.EBADF, 7), Syscall.FCHDIR, Operand.of(999));
        Program program = b.build();
        Slot counter = program.calls().getFirst().counter();
        assertThat(counter).isNotNull();
        try (ExecutableFile file = ExecutableFile.of(program, architecture)) {
            assertThat(file.run("").reports()).containsExactly(new Report.Failed(0, ErrorNumber.EBADF.number()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void countsRepetitionsAnewForEachExecution(Architecture architecture) throws Exception {
        Slot rounds = b.slot("rounds");
        Label again = b.label("again");
        Label failed = b.label("failed");
        b.place(again);
        b.call(OnError.jump(failed).retry(ErrorNumber.EAGAIN, 3), Syscall.FCHDIR, Operand.of(999));
        b.place(failed);
        b.compute(rounds, Operation.ADD, Operand.of(1));
        b.jumpIf(rounds, Condition.LESS, Operand.of(5), again);
        printAndExit(rounds);
        assertThat(printed(run(architecture))).isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource
    void injectsAnErrorInsteadOfTheCall(Architecture architecture) throws Exception {
        b.call(Syscall.MKDIRAT, Operand.of(AT_FDCWD), b.string("made"), Operand.of(0755));
        b.exit(Operand.of(0));
        Program failing = b.build().failingAt(0, ErrorNumber.EIO.number());
        try (ExecutableFile file = ExecutableFile.of(failing, architecture)) {
            assertThat(file.run("").reports()).containsExactly(new Report.Failed(0, ErrorNumber.EIO.number()));
            assertThat(file.directory().resolve("made")).doesNotExist();
        }
    }

    /// As if a seccomp filter had denied the exit.
    @ParameterizedTest
    @EnumSource
    void diesWhereItCannotExit(Architecture architecture) throws Exception {
        b.exit(Operand.of(0));
        b.call(Syscall.MKDIRAT, Operand.of(AT_FDCWD), b.string("made"), Operand.of(0755));
        Program failing = b.build().failingAt(0, ErrorNumber.EPERM.number());
        try (ExecutableFile file = ExecutableFile.of(failing, architecture)) {
            assertThat(file.run("").code()).isEqualTo(SIGNALLED + SIGILL);
            assertThat(file.directory().resolve("made")).doesNotExist();
        }
    }

    @ParameterizedTest
    @EnumSource
    void endsWithoutAReportDescriptor(Architecture architecture) throws Exception {
        var silent = new ProgramBuilder(Program.NO_REPORT);
        silent.call(Syscall.FCHDIR, Operand.of(999));
        try (ExecutableFile file = ExecutableFile.of(silent.build(), architecture)) {
            ExecutableFile.Outcome outcome = file.run("");
            assertThat(outcome.code()).isEqualTo(Program.FAILURE_EXIT_CODE);
            assertThat(outcome.reports()).isEmpty();
        }
    }

    private void printAndExit(Slot value) {
        b.call(Syscall.WRITE, Operand.of(1), b.addressOf(value), Operand.of(8));
        b.exit(Operand.of(0));
    }

    private static long printed(ExecutableFile.Outcome outcome) {
        return outcome.output().getLong();
    }

    private ExecutableFile.Outcome run(Architecture architecture) throws Exception {
        try (ExecutableFile file = ExecutableFile.of(b.build(), architecture)) {
            return file.run("");
        }
    }
}
