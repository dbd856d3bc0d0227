package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.SystemCall;

/// Between bindings and nouns: repeats an interrupted call, turns an error number into a [KernelException], and
/// keeps a descriptor open while a call uses its number.
final class Kernel {

    /// A call by its result, or by its negative error number.
    interface Attempt {
        long run();
    }

    /// A call on a descriptor.
    interface DescriptorAttempt {
        long run(int number);
    }

    private static final int EINTR = Errno.EINTR.value();

    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int O_NONBLOCK = 0x800;

    private Kernel() {}

    /// Runs a call until it is not interrupted; returns the result or the negative error number.
    static long uninterrupted(Attempt attempt) {
        long result;
        do {
            result = attempt.run();
        } while (result == -EINTR);
        return result;
    }

    /// Runs a call until it is not interrupted.
    ///
    /// @param subject what the call is about, for the exception; only printed on failure
    static long call(Call call, Object subject, Attempt attempt) throws KernelException {
        return check(call.symbol(), subject, uninterrupted(attempt));
    }

    /// Runs a call on a descriptor, which stays open until the call has returned.
    static long call(Call call, OwnedFd fd, DescriptorAttempt attempt) throws KernelException {
        return check(call.symbol(), fd, tried(fd, attempt));
    }

    /// Runs a call on a descriptor, with another subject for the exception.
    static long call(Call call, Object subject, OwnedFd fd, DescriptorAttempt attempt) throws KernelException {
        return check(call.symbol(), subject, tried(fd, attempt));
    }

    /// Runs a call on a descriptor; returns the result or the negative error number.
    static long tried(OwnedFd fd, DescriptorAttempt attempt) throws KernelException {
        int number = fd.acquire();
        try {
            long result;
            do {
                result = attempt.run(number);
            } while (result == -EINTR);
            return result;
        } finally {
            fd.release();
        }
    }

    /// The result of a call that succeeded.
    static long check(String call, Object subject, long result) throws KernelException {
        if (result < 0) {
            throw failure(call, subject, result);
        }
        return result;
    }

    static KernelException failure(String call, Object subject, long result) {
        return new KernelException(call, String.valueOf(subject), new Errno((int) -result));
    }

    static boolean failedWith(Errno errno, long result) {
        return result == -errno.value();
    }

    /// fcntl(2) with an integer argument.
    static long fcntl(OwnedFd fd, int operation, long argument) throws KernelException {
        return call(Call.FCNTL, fd, number -> SystemCall.invoke(Call.FCNTL, number, operation, argument));
    }

    /// Sets `O_NONBLOCK` on an open file description, for everybody who shares it; fcntl(2).
    static void makeNonBlocking(OwnedFd fd) throws KernelException {
        fcntl(fd, F_SETFL, fcntl(fd, F_GETFL, 0) | O_NONBLOCK);
    }
}
