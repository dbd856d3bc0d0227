package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// A process by descriptor: never another one that got its number; pidfd_open(2).
public final class Pidfd implements AutoCloseable {

    private static final int P_PIDFD = 3;
    private static final int WEXITED = 4;
    private static final int SIGINFO_SIZE = 128;
    // struct siginfo, asm-generic/siginfo.h
    private static final long SI_CODE = 8;
    private static final long SI_STATUS = 24;
    private static final int CLD_EXITED = 1;
    private static final int SIGNALLED = 128;

    private final OwnedFd descriptor;

    private Pidfd(OwnedFd descriptor) {
        this.descriptor = descriptor;
    }

    /// Opens a process by its number.
    ///
    /// @throws KernelException ESRCH if there is no such process
    public static Pidfd open(int pid) throws KernelException {
        String subject = "process " + pid;
        return new Pidfd(new OwnedFd(
                Kernel.call(Call.PIDFD_OPEN, subject, () -> SystemCall.invoke(Call.PIDFD_OPEN, pid, 0)), subject));
    }

    /// Opens a process by its number, if there is one: not a thread, whose number gives EINVAL.
    public static Optional<Pidfd> find(int pid) throws KernelException {
        try {
            return Optional.of(open(pid));
        } catch (KernelException e) {
            if (e.errno().equals(Errno.ESRCH) || e.errno().equals(Errno.EINVAL)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /// Sends a signal to the process of that number, if there is one.
    public static void signal(int pid, Signal signal) throws KernelException {
        try (Pidfd process = open(pid)) {
            process.signal(signal);
        } catch (KernelException e) {
            if (!e.errno().equals(Errno.ESRCH)) {
                throw e;
            }
            // it has ended meanwhile
        }
    }

    /// Sends a signal, if the process has not ended and been waited for.
    public void signal(Signal signal) throws KernelException {
        try {
            send(signal);
        } catch (KernelException e) {
            if (!e.errno().equals(Errno.ESRCH)) {
                throw e;
            }
            // it has ended meanwhile
        }
    }

    /// Readable once the process has ended; for the [Poller].
    public OwnedFd descriptor() {
        return descriptor;
    }

    /// Sends a signal, pidfd_send_signal(2).
    ///
    /// @throws KernelException ESRCH if the process has ended and been waited for
    public void send(Signal signal) throws KernelException {
        Kernel.call(
                Call.PIDFD_SEND_SIGNAL,
                signal + " to " + descriptor,
                descriptor,
                number -> SystemCall.invoke(Call.PIDFD_SEND_SIGNAL, number, signal.number(), 0, 0));
    }

    /// Whether the process has ended, waited for or not.
    public boolean hasEnded() throws KernelException {
        return descriptor.isReadable();
    }

    /// A copy of a descriptor of the process, pidfd_getfd(2).
    public OwnedFd descriptorOf(int remote) throws KernelException {
        return new OwnedFd(
                Kernel.call(
                        Call.PIDFD_GETFD, descriptor, number -> SystemCall.invoke(Call.PIDFD_GETFD, number, remote, 0)),
                descriptor + " descriptor " + remote);
    }

    /// Waits for a child of this JVM and frees its number. Blocks until the child has ended: await
    /// [#descriptor] first.
    public void reap() throws KernelException {
        int _ = reapStatus();
    }

    /// As [#reap]; gives the exit code, or 128 and the number of the signal that ended it.
    public int reapStatus() throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(SIGINFO_SIZE, Long.BYTES);
            Kernel.call(
                    Call.WAITID,
                    descriptor,
                    number -> SystemCall.invoke(Call.WAITID, P_PIDFD, number, status.address(), WEXITED, 0));
            int code = status.get(ValueLayout.JAVA_INT, SI_STATUS);
            return status.get(ValueLayout.JAVA_INT, SI_CODE) == CLD_EXITED ? code : SIGNALLED + code;
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
