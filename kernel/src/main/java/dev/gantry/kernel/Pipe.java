package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Both ends of a pipe, pipe(7). Each end is an open file description of its own: making one non-blocking (as
/// [PolledInput] and [PolledOutput] do) changes nothing for whoever holds the other.
public record Pipe(OwnedFd read, OwnedFd write) implements AutoCloseable {

    private static final long O_CLOEXEC = 0x80000;

    public static Pipe create() throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
            Kernel.call(Call.PIPE2, "pipe", () -> SystemCall.invoke(Call.PIPE2, ends.address(), O_CLOEXEC));
            return new Pipe(
                    new OwnedFd(ends.getAtIndex(ValueLayout.JAVA_INT, 0), "pipe read end"),
                    new OwnedFd(ends.getAtIndex(ValueLayout.JAVA_INT, 1), "pipe write end"));
        }
    }

    @Override
    public void close() {
        read.close();
        write.close();
    }
}
