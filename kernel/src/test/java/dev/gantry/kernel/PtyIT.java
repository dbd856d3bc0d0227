package dev.gantry.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.SystemCall;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PtyIT {

    private static final long TIOCGWINSZ = 0x5413;

    @AutoClose
    private Poller poller;

    @AutoClose
    private OwnedFd devpts;

    @AutoClose
    private Pty pty;

    @BeforeEach
    void openTerminal() throws KernelException {
        Expect.root();
        poller = Poller.start("pty-test");
        devpts = Mounts.fileSystem("devpts", Map.of("newinstance", "", "ptmxmode", "0666", "mode", "0620"), Set.of());
        pty = Pty.open(devpts);
    }

    @Test
    void dataPassesBothWays() throws IOException {
        PolledInput master = new PolledInput(poller, pty.master());
        pty.peer().output().write(bytes("to the screen\n"));
        assertThat(master.readNBytes(15)).isEqualTo(bytes("to the screen\r\n"));
        new PolledOutput(poller, pty.master()).write(bytes("typed\n"));
        assertThat(new PolledInput(poller, pty.peer()).readNBytes(6)).isEqualTo(bytes("typed\n"));
        assertThat(master.readNBytes(7)).as("echo").isEqualTo(bytes("typed\r\n"));
    }

    @Test
    void terminalIsTheFirstOfItsOwnInstance() throws IOException {
        try (SafeDirectory instance = SafeDirectory.of(devpts.duplicate())) {
            assertThat(instance.list("/")).containsExactlyInAnyOrder("ptmx", "0");
            assertThat(instance.status("0").isSameFileAs(FileStatus.of(pty.peer())))
                    .isTrue();
            assertThat(instance.status("ptmx").mode()).isEqualTo(0666);
        }
    }

    @Test
    void resizeIsSeenByTheProgram() throws IOException {
        Pty.resize(pty.master(), 50, 40_000);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(8, 2);
            int number = pty.peer().acquire();
            pty.peer().release();
            assertThat(SystemCall.invoke(Call.IOCTL, number, TIOCGWINSZ, size.address()))
                    .isZero();
            assertThat(size.get(ValueLayout.JAVA_SHORT, 0)).isEqualTo((short) 50);
            assertThat(Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, 2))).isEqualTo(40_000);
        }
    }

    @Test
    void hangUpIsTheEndOfTheStream() throws IOException {
        pty.peer().output().write(bytes("last"));
        pty.peer().close();
        assertThat(new PolledInput(poller, pty.master()).readAllBytes()).isEqualTo(bytes("last"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
