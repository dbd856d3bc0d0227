package dev.gantry.runtime.launch.compile;

import static dev.gantry.runtime.launch.compile.Emitter.ZERO;
import static dev.gantry.runtime.launch.compile.Emitter.value;

import dev.gantry.oci.runtime.Namespace;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.StructType;
import dev.gantry.runtime.program.Syscall;

/// Brings up the loopback interface, which a new network namespace has, but down; netdevice(7).
final class LoopbackSteps {
    /// `lo` as the first of the two words of an interface's name: its bytes in memory order on little-endian machines,
    /// which both architectures are.
    private static final long LO = 'l' | 'o' << 8;

    private LoopbackSteps() {}

    static void bringUp(Emitter e) {
        Slot socket = e.b.slot("socket");
        e.step("bring up the loopback interface", NamespacePlan.item(Namespace.Type.NETWORK));
        e.b.call(socket, Syscall.SOCKET, value(Uapi.AF_INET), value(Uapi.SOCK_DGRAM | Uapi.SOCK_CLOEXEC), ZERO);
        e.b.call(
                Syscall.IOCTL,
                socket,
                value(Uapi.SIOCSIFFLAGS),
                e.b.struct(
                        StructType.IFREQ,
                        value(LO),
                        ZERO,
                        value(Uapi.IFF_UP | Uapi.IFF_RUNNING),
                        ZERO,
                        ZERO,
                        ZERO,
                        ZERO));
        e.b.call(Syscall.CLOSE, socket);
    }
}
