package dev.gantry.runtime.program.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.gantry.runtime.program.Condition;
import dev.gantry.runtime.program.ErrorNumber;
import dev.gantry.runtime.program.Label;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.StructType;
import dev.gantry.runtime.program.Syscall;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RenderingTest {
    private static final Operand ZERO = Operand.of(0);

    private final ProgramBuilder b = new ProgramBuilder(3);

    private List<RenderedCall> rendered() {
        return Rendering.of(b.build(), List.of("report", "root"));
    }

    private String onlyArguments() {
        return rendered().getFirst().arguments();
    }

    @Test
    void namesResultsAndTheDescriptorsThatTheProgramIsGiven() {
        Slot first = b.slot("target");
        Slot second = b.slot("target");
        b.call(first, Syscall.DUP3, Operand.of(4), Operand.of(9), ZERO);
        b.call(second, Syscall.DUP3, first, Operand.of(-1), Operand.of(0x80000));

        assertThat(rendered())
                .extracting(RenderedCall::arguments, RenderedCall::result)
                .startsWith(tuple("4<root>, 9, 0", "<target>"), tuple("<target>, -1, O_CLOEXEC", "<target2>"));
    }

    @Test
    void putsAlternativesBelowTheErrorThatLeadsToThem() {
        Label missing = b.label("missing");
        Label done = b.label("done");
        b.call(OnError.FAIL.jump(ErrorNumber.ENOENT, missing), Syscall.CHDIR, b.string("/a"));
        b.jump(done);
        b.place(missing);
        b.call(OnError.FAIL.jump(ErrorNumber.EACCES, done), Syscall.CHDIR, b.string("/b"));
        b.place(done);
        b.exit(ZERO);

        assertThat(rendered())
                .extracting(RenderedCall::arguments, RenderedCall::conditions)
                .containsExactly(
                        tuple("\"/a\"", List.of()), tuple("\"/b\"", List.of("if ENOENT")), tuple("0", List.of()));
    }

    @Test
    void followsBothProcessesOfAFork() {
        Slot pid = b.slot("pid");
        Label parent = b.label("parent");
        Operand none = b.struct(StructType.CLONE_ARGS, Collections.nCopies(11, ZERO));
        b.call(pid, Syscall.CLONE3, none, Operand.of(88));
        b.jumpIf(pid, Condition.NOT_EQUAL, ZERO, parent);
        b.exit(Operand.of(1));
        b.place(parent);
        b.exit(Operand.of(2));

        assertThat(rendered())
                .extracting(RenderedCall::arguments)
                .containsExactly("{flags=0, exit_signal=0, stack=NULL, stack_size=0}, 88", "1", "2");
        assertThat(rendered()).allMatch(call -> call.conditions().isEmpty());
    }

    @Test
    void quotesStringsAsStraceDoes() {
        assertThat(Quoted.text("a\"\\\n\t\u00e9")).isEqualTo("\"a\\\"\\\\\\n\\t\\303\\251\"");
        assertThat(Quoted.bytes(new byte[] {0, '1', 0, '8', 7, 'x'})).isEqualTo("\"\\0001\\08\\7x\"");
        assertThat(Quoted.bytes("~ ".getBytes(StandardCharsets.US_ASCII))).isEqualTo("\"~ \"");
    }

    @Test
    void decodesCapabilitiesInBothHalves() {
        b.call(
                Syscall.CAPSET,
                b.struct(StructType.CAP_HEADER, Operand.of(0x2008_0522), ZERO),
                b.struct(StructType.CAP_DATA, Operand.of(1), Operand.of(0x20), ZERO, Operand.of(4), ZERO, ZERO));

        assertThat(onlyArguments())
                .isEqualTo("{version=_LINUX_CAPABILITY_VERSION_3, pid=0},"
                        + " {effective=1<<CAP_CHOWN|1<<CAP_SYSLOG, permitted=1<<CAP_KILL, inheritable=0}");
    }

    @Test
    void countsTheInstructionsOfAFilter() {
        b.call(
                Syscall.SECCOMP,
                Operand.of(1),
                Operand.of(4),
                b.struct(StructType.SOCK_FPROG, Operand.of(2), b.bytes(new byte[16])));

        assertThat(onlyArguments())
                .isEqualTo("SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, {len=2, filter=&<filter>}");
    }

    @Test
    void showsUnknownBitsInsteadOfHidingThem() {
        b.call(Syscall.UMOUNT2, b.string("."), Operand.of(0x102));

        assertThat(onlyArguments()).isEqualTo("\".\", MNT_DETACH|0x100");
    }

    @Test
    void leavesOutWhatCanNeverBeReached() {
        b.call(Syscall.EXECVE, b.string("/x"), b.strings(List.of("x")), b.strings(List.of()));
        b.exit(Operand.of(125));

        assertThat(rendered()).extracting(RenderedCall::arguments).containsExactly("\"/x\", [\"x\"], []");
    }
}
