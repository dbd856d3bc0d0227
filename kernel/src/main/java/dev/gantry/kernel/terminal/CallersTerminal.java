package dev.gantry.kernel.terminal;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.Layouts;
import dev.gantry.kernel.ffi.SystemCall;
import dev.gantry.kernel.ffi.Termios;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The terminal that this process has been started in: a standard stream that is one, or else the controlling terminal.
///
/// Thread-safe.
public final class CallersTerminal implements AutoCloseable {
    private static final String CONTROLLING = "/dev/tty";
    private static final int AT_FDCWD = -100;
    /// `O_RDWR | O_NOCTTY | O_CLOEXEC`.
    private static final long OPEN_FLAGS = 0x2 | 0x100 | 0x80000;

    private static final long TIOCGWINSZ = 0x5413L;
    private static final int STANDARD_STREAMS = 3;

    private final int descriptor;
    private final Arena arena = Arena.ofShared();
    private final Termios before;

    private CallersTerminal(int descriptor) throws KernelException {
        this.descriptor = descriptor;
        this.before = Termios.in(arena);
        check("terminal", before.read(descriptor));
    }

    /// A size in characters.
    public record Size(int rows, int columns) {}

    /// Finds it.
    ///
    /// @throws KernelException ENXIO if there is none
    public static CallersTerminal find() throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            for (int stream = 0; stream < STANDARD_STREAMS; stream++) {
                if (Termios.in(arena).read(stream) == 0) {
                    return new CallersTerminal(stream);
                }
            }
            long opened = SystemCall.invoke(
                    Call.OPENAT, AT_FDCWD, arena.allocateFrom(CONTROLLING).address(), OPEN_FLAGS);
            check(CONTROLLING, opened);
            return new CallersTerminal((int) opened);
        }
    }

    private static void check(String subject, long result) throws KernelException {
        if (result < 0) {
            throw new KernelException("open", subject, new Errno((int) -result));
        }
    }

    /// What is typed comes byte by byte, without an echo, until [#close].
    public void makeInputRaw() throws KernelException {
        try (Arena changed = Arena.ofConfined()) {
            Termios raw = before.copy(changed);
            raw.makeInputRaw();
            check("terminal", raw.write(descriptor));
        }
    }

    public Size size() throws KernelException {
        try (Arena confined = Arena.ofConfined()) {
            MemorySegment size = confined.allocate(Layouts.WINSIZE);
            check("terminal size", SystemCall.invoke(Call.IOCTL, descriptor, TIOCGWINSZ, size.address()));
            return new Size(
                    Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, Layouts.offset(Layouts.WINSIZE, "ws_row"))),
                    Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, Layouts.offset(Layouts.WINSIZE, "ws_col"))));
        }
    }

    /// Gives it the settings that it had.
    @Override
    public void close() {
        long _ = before.write(descriptor); // it may be gone
        arena.close();
        if (descriptor >= STANDARD_STREAMS) {
            long _ = SystemCall.invoke(Call.CLOSE, descriptor);
        }
    }
}
