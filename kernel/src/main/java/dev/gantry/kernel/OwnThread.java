package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.SystemCall;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// A platform thread that does one thing, and ends: it becomes something else than the others, or works for so long
/// that a virtual thread would keep others from its carrier. Whoever wants it done waits, whatever interrupts him:
/// what is opened there would be lost.
public final class OwnThread {
    private static final int CLONE_FS = 0x200;
    private static final int CLONE_NEWNS = 0x20000;
    private static final int PR_SET_SECUREBITS = 28;
    private static final int SECBIT_NO_SETUID_FIXUP = 4;

    private OwnThread() {}

    /// What is done there.
    public interface Task<T, E extends IOException> {
        T run() throws E, KernelException;
    }

    /// Runs the task in another mount namespace: setns(2) is for the calling thread alone, but threads of one
    /// process share root and working directory, which a mount namespace forbids.
    static <T> T in(OwnedFd namespace, Task<T, KernelException> task) throws KernelException {
        return OwnThread.<T, KernelException>run("mount", () -> {
            Kernel.call(Call.UNSHARE, namespace, () -> SystemCall.invoke(Call.UNSHARE, CLONE_FS));
            Kernel.call(Call.SETNS, namespace, number -> SystemCall.invoke(Call.SETNS, number, CLONE_NEWNS));
            return task.run();
        });
    }

    /// Runs the task as another user in the eyes of file systems, with all capabilities: what it makes belongs to that
    /// user; setfsuid(2).
    public static <T, E extends IOException> T as(long uid, long gid, Task<T, E> task) throws E, KernelException {
        return OwnThread.<T, E>run("files of " + uid, () -> {
            Kernel.call(
                    Call.PRCTL,
                    "PR_SET_SECUREBITS",
                    () -> SystemCall.invoke(Call.PRCTL, PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0));
            Kernel.call(Call.SETFSGID, gid, () -> SystemCall.invoke(Call.SETFSGID, gid));
            Kernel.call(Call.SETFSUID, uid, () -> SystemCall.invoke(Call.SETFSUID, uid));
            return task.run();
        });
    }

    /// Runs the task.
    @SuppressWarnings("unchecked") // the task throws no other IOException
    public static <T, E extends IOException> T run(String name, Task<T, E> task) throws E, KernelException {
        FutureTask<T> future = new FutureTask<>(task::run);
        Thread.ofPlatform().name(name).start(future);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case KernelException failure -> throw failure;
                case IOException failure -> throw (E) failure;
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new IllegalStateException(e);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
