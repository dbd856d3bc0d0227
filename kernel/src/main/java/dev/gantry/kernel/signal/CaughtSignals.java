package dev.gantry.kernel.signal;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Signal;
import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.Machine;
import dev.gantry.kernel.ffi.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Signals that this process gets from now on, in the order in which they come.
///
/// The JVM has no supported way to catch a signal, keeps SIGQUIT for itself and knows none of the real-time ones. So
/// the handler is machine code that writes the signal's number to a pipe and returns: it may run on any thread at any
/// point, signal-safety(7). It stays for as long as the process lives.
public final class CaughtSignals {
    /// `O_CLOEXEC`, on both architectures.
    private static final long CLOSE_ON_EXEC = 0x80000;
    /// What an `iovec` of one call takes of the pipe.
    private static final int NUMBER_SIZE = Integer.BYTES;

    private static final int LAST = 64;
    /// SIGKILL and SIGSTOP cannot be caught; the JVM lives by SIGSEGV and its kin;
    /// 32 and 33 are the C library's own.
    private static final Set<Integer> NEVER = Set.of(4, 7, 8, 9, 11, 19, 32, 33);

    private static final long PAGE = 4096;
    private static final long PROT_READ_WRITE = 3;
    private static final long PROT_READ_EXEC = 5;
    private static final long MAP_PRIVATE_ANONYMOUS = 0x22;

    private static final long SA_RESTART = 0x1000_0000L;
    private static final long SA_ONSTACK = 0x0800_0000L;
    private static final long SA_RESTORER = 0x0400_0000L;
    private static final long SIGNAL_SET_SIZE = 8;

    private final int read;

    private CaughtSignals(int read) {
        this.read = read;
    }

    /// Every signal that can be caught without harm to the JVM.
    public static Set<Signal> possible() {
        return IntStream.rangeClosed(1, LAST)
                .filter(number -> !NEVER.contains(number))
                .mapToObj(Signal::new)
                .collect(Collectors.toSet());
    }

    /// Catches signals.
    ///
    /// @param signals of those that are [#possible]
    public static CaughtSignals of(Collection<Signal> signals) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
            long _ = check(Call.PIPE2, SystemCall.invoke(Call.PIPE2, ends.address(), CLOSE_ON_EXEC));
            HandlerCode code = HandlerCode.writingTo(ends.getAtIndex(ValueLayout.JAVA_INT, 1), Machine.CURRENT);
            long handler = executable(code.bytes());
            MemorySegment action = arena.allocate(ValueLayout.JAVA_LONG, 4);
            action.setAtIndex(ValueLayout.JAVA_LONG, 0, handler);
            action.setAtIndex(
                    ValueLayout.JAVA_LONG,
                    1,
                    SA_RESTART
                            | SA_ONSTACK
                            | code.restorer().map(_ -> SA_RESTORER).orElse(0L));
            action.setAtIndex(
                    ValueLayout.JAVA_LONG,
                    2,
                    code.restorer().map(offset -> handler + offset).orElse(0L));
            for (Signal each : signals) {
                long _ = check(
                        Call.RT_SIGACTION,
                        SystemCall.invoke(Call.RT_SIGACTION, each.number(), action.address(), 0, SIGNAL_SET_SIZE));
            }
            return new CaughtSignals(ends.getAtIndex(ValueLayout.JAVA_INT, 0));
        }
    }

    @SuppressWarnings("restricted") // the page is this process's own, and of that size
    private static long executable(byte[] code) throws KernelException {
        long page =
                check(Call.MMAP, SystemCall.invoke(Call.MMAP, 0, PAGE, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0));
        MemorySegment.copy(
                code, 0, MemorySegment.ofAddress(page).reinterpret(PAGE), ValueLayout.JAVA_BYTE, 0, code.length);
        long _ = check(Call.MPROTECT, SystemCall.invoke(Call.MPROTECT, page, PAGE, PROT_READ_EXEC));
        return page;
    }

    /// Waits for the next one. Blocks the thread, which should be a platform thread.
    public Signal next() throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
            long count;
            do {
                count = SystemCall.invoke(Call.READ, read, number.address(), NUMBER_SIZE);
            } while (count == -Errno.EINTR.value());
            long _ = check(Call.READ, count);
            return new Signal(number.get(ValueLayout.JAVA_INT, 0));
        }
    }

    private static long check(Call call, long result) throws KernelException {
        if (result < 0) {
            throw new KernelException(call.symbol(), "signals", new Errno((int) -result));
        }
        return result;
    }
}
