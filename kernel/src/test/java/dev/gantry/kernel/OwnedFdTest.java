package dev.gantry.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.SystemCall;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OwnedFdTest {

    private static final int F_GETFD = 1;
    private static final int FD_CLOEXEC = 1;
    /// Where nobody else's descriptors are: the kernel gives the lowest free number.
    private static final int HIGH = 700;

    @AutoClose
    private OwnedFd fd;

    @BeforeEach
    void openDescriptor() throws KernelException {
        try (OwnedFd event = OwnedFd.event()) {
            fd = event.duplicateAtLeast(HIGH);
        }
    }

    @Test
    void closingTwiceClosesOnce() throws KernelException {
        int number = numberOf(fd);
        fd.close();
        try (OwnedFd other = OwnedFd.event();
                OwnedFd next = other.duplicateAtLeast(HIGH)) {
            fd.close();
            assertThat(numberOf(next)).isEqualTo(number);
            assertThat(flags(number)).isEqualTo(FD_CLOEXEC);
        }
    }

    @Test
    void useAfterCloseIsRefused() {
        fd.close();
        assertThat(fd.isOpen()).isFalse();
        Expect.refusal(Errno.EBADF, fd::acquire);
        Expect.refusal(Errno.EBADF, fd::duplicate);
    }

    @Test
    void keepsTheNumberUntilTheLastCallHasEnded() throws KernelException {
        int number = fd.acquire();
        fd.acquire();
        fd.close();
        fd.release();
        assertThat(flags(number)).isEqualTo(FD_CLOEXEC);
        fd.release();
        assertThat(flags(number)).isEqualTo(-Errno.EBADF.value());
    }

    @Test
    void duplicatesAreCloseOnExecAndIndependent() throws KernelException {
        try (OwnedFd second = fd.duplicate()) {
            assertThat(flags(numberOf(second))).isEqualTo(FD_CLOEXEC);
            fd.close();
            assertThat(second.isOpen()).isTrue();
            assertThat(flags(numberOf(second))).isEqualTo(FD_CLOEXEC);
        }
    }

    @Test
    void listenerHearsOfTheCloseWhileTheNumberIsStillTaken() throws KernelException {
        int number = numberOf(fd);
        AtomicInteger seen = new AtomicInteger(-1);
        fd.listen(() -> seen.set((int) flags(number)));
        fd.close();
        assertThat(seen).hasValue(FD_CLOEXEC);
        assertThat(flags(number)).isEqualTo(-Errno.EBADF.value());
    }

    private static int numberOf(OwnedFd fd) throws KernelException {
        int number = fd.acquire();
        fd.release();
        return number;
    }

    private static long flags(int number) {
        return SystemCall.invoke(Call.FCNTL, number, F_GETFD);
    }
}
