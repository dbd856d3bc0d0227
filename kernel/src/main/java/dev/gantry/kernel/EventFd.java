package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.SystemCall;

/// eventfd(2): readable once somebody has written to it.
public final class EventFd {

    private static final long EFD_CLOEXEC_NONBLOCK = 0x80800;

    private EventFd() {}

    public static OwnedFd create() throws KernelException {
        return new OwnedFd(
                Kernel.call(Call.EVENTFD2, "event", () -> SystemCall.invoke(Call.EVENTFD2, 0, EFD_CLOEXEC_NONBLOCK)),
                "eventfd");
    }
}
