package dev.gantry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// What several tests of this package expect of a call or of the host.
final class Expect {

    private Expect() {}

    static void refusal(Errno errno, ThrowingCallable call) {
        assertThatExceptionOfType(KernelException.class)
                .isThrownBy(call)
                .satisfies(refused -> assertThat(refused.errno()).isEqualTo(errno));
    }

    static void root() {
        assumeTrue("root".equals(System.getProperty("user.name")), "host: owners, devices and mounts need root");
    }

    /// Spins until the thread waits or has ended.
    static void waiting(Thread thread) {
        while (thread.getState() != Thread.State.WAITING && thread.isAlive()) {
            Thread.onSpinWait();
        }
    }
}
