package dev.gantry.kernel.network;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.HostFiles;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenMode;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.Layouts;
import dev.gantry.kernel.ffi.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/// A network namespace by its descriptor, network_namespaces(7): it lives as long as a descriptor of it is open or a
/// process is in it.
public final class NetworkNamespace {
    private static final long CLONE_NEWNET = 0x4000_0000L;
    private static final long AF_INET = 2;
    /// `SOCK_DGRAM | SOCK_CLOEXEC`.
    private static final long SOCKET_TYPE = 2 | 0x80000;

    private static final long SIOCSIFFLAGS = 0x8914;
    /// `IFF_UP | IFF_RUNNING`.
    private static final short UP = 0x1 | 0x40;

    private static final long FLAGS = Layouts.offset(Layouts.IFREQ_FLAGS, "flags");

    private NetworkNamespace() {}

    /// Moves the calling thread into a new network namespace, whose loopback interface is up.
    ///
    /// Only for a platform thread that ends soon: what it opens from now on is in that namespace, and it keeps the
    /// namespace.
    ///
    /// @throws KernelException EPERM without CAP_SYS_ADMIN, ENOSPC when there are too many (`max_net_namespaces`)
    public static OwnedFd enterNew() throws KernelException {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a virtual thread has no namespace of its own");
        }
        check(Call.UNSHARE, SystemCall.invoke(Call.UNSHARE, CLONE_NEWNET));
        bringLoopbackUp();
        return HostFiles.open(Path.of("/proc/thread-self/ns/net"), OpenMode.READ);
    }

    private static void bringLoopbackUp() throws KernelException {
        long socket = check(Call.SOCKET, SystemCall.invoke(Call.SOCKET, AF_INET, SOCKET_TYPE, 0));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(Layouts.IFREQ_FLAGS);
            request.setString(0, "lo");
            request.set(ValueLayout.JAVA_SHORT, FLAGS, UP);
            check(Call.IOCTL, SystemCall.invoke(Call.IOCTL, socket, SIOCSIFFLAGS, request.address()));
        } finally {
            long _ = SystemCall.invoke(Call.CLOSE, socket);
        }
    }

    private static long check(Call call, long result) throws KernelException {
        if (result < 0) {
            throw new KernelException(call.symbol(), "network namespace", new Errno((int) -result));
        }
        return result;
    }
}
