package dev.gantry.kernel;

/// `O_NONBLOCK` of an open file description, fcntl(2).
final class NonBlocking {

    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int O_NONBLOCK = 0x800;

    private NonBlocking() {}

    static void set(OwnedFd fd) throws KernelException {
        Kernel.fcntl(fd, F_SETFL, Kernel.fcntl(fd, F_GETFL, 0) | O_NONBLOCK);
    }
}
