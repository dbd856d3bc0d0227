package dev.gantry.kernel.ffi;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// Settings of a terminal: `struct termios` of the kernel, asm-generic/termbits.h, by the calls of ioctl_tty(2).
public final class Termios {
    private static final StructLayout LAYOUT = MemoryLayout.structLayout(
            JAVA_INT.withName("c_iflag"),
            JAVA_INT.withName("c_oflag"),
            JAVA_INT.withName("c_cflag"),
            JAVA_INT.withName("c_lflag"),
            JAVA_BYTE.withName("c_line"),
            MemoryLayout.sequenceLayout(19, JAVA_BYTE).withName("c_cc"));

    private static final long TCGETS = 0x5401;
    private static final long TCSETS = 0x5402;

    private static final long CC = Layouts.offset(LAYOUT, "c_cc");
    private static final int VTIME = 5;
    private static final int VMIN = 6;

    /// `IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON`.
    private static final int COOKED_INPUT = 0x1 | 0x2 | 0x8 | 0x20 | 0x40 | 0x80 | 0x100 | 0x400;
    /// `ECHO | ECHONL | ICANON | ISIG | IEXTEN`.
    private static final int COOKED_LINE = 0x8 | 0x40 | 0x2 | 0x1 | 0x8000;
    /// `CSIZE | PARENB`, and `CS8`.
    private static final int CHARACTERS = 0x30 | 0x100;

    private static final int EIGHT_BITS = 0x30;
    /// A carriage return before each line feed.
    private static final int ONLCR = 0x4;

    private final MemorySegment memory;

    private Termios(MemorySegment memory) {
        this.memory = memory;
    }

    /// Memory for settings, which lives as long as the arena.
    public static Termios in(Arena arena) {
        return new Termios(arena.allocate(LAYOUT));
    }

    /// Reads the settings of a terminal; gives 0, or the negative error number: ENOTTY for what is none.
    public long read(int descriptor) {
        return SystemCall.invoke(Call.IOCTL, descriptor, TCGETS, memory.address());
    }

    /// Changes the settings of a terminal; gives 0 or the negative error number.
    public long write(int descriptor) {
        return SystemCall.invoke(Call.IOCTL, descriptor, TCSETS, memory.address());
    }

    /// A copy.
    public Termios copy(Arena arena) {
        Termios other = in(arena);
        other.memory.copyFrom(memory);
        return other;
    }

    /// Input comes byte by byte, uninterpreted and without an echo, as with cfmakeraw(3); output is processed as
    /// before.
    public void makeInputRaw() {
        clear("c_iflag", COOKED_INPUT);
        clear("c_lflag", COOKED_LINE);
        clear("c_cflag", CHARACTERS);
        long characters = Layouts.offset(LAYOUT, "c_cflag");
        memory.set(JAVA_INT, characters, memory.get(JAVA_INT, characters) | EIGHT_BITS);
        memory.set(JAVA_BYTE, CC + VMIN, (byte) 1);
        memory.set(JAVA_BYTE, CC + VTIME, (byte) 0);
    }

    /// A line feed goes out as it is.
    public void keepLineFeeds() {
        clear("c_oflag", ONLCR);
    }

    private void clear(String member, int flags) {
        long offset = Layouts.offset(LAYOUT, member);
        memory.set(JAVA_INT, offset, memory.get(JAVA_INT, offset) & ~flags);
    }
}
