package dev.gantry.engine.shortage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.KernelException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ShortageTest {
    @Test
    void isTheReasonOfCallsThatFailWithIt() {
        assertThat(Shortage.isReasonOf(new KernelException("pidfd_getfd", "process 1", Errno.EMFILE)))
                .isTrue();
        assertThat(Shortage.isReasonOf(new KernelException("pidfd_getfd", "process 1", Errno.ENOMEM)))
                .isTrue();
        assertThat(Shortage.isReasonOf(new KernelException("pidfd_getfd", "process 1", Errno.EPERM)))
                .isFalse();
    }

    @Test
    void isTheReasonOfTheJdksFailuresToo() {
        assertThat(Shortage.isReasonOf(new FileSystemException("/run", null, "Too many open files")))
                .isTrue();
        assertThat(Shortage.isReasonOf(new FileSystemException("/run/Too many open files", null, "Is a directory")))
                .isFalse();
        assertThat(Shortage.isReasonOf(new NoSuchFileException("/run"))).isFalse();
    }

    @Test
    void isTheReasonOfWhatItHasCaused() {
        var call = new KernelException("pidfd_getfd", "process 1", Errno.ENFILE);
        assertThat(Shortage.isReasonOf(new IllegalStateException(new IOException(call))))
                .isTrue();
        assertThat(Shortage.isReasonOf(new IllegalStateException())).isFalse();
    }

    @Test
    void isOutlasted() throws Exception {
        var failures = new AtomicInteger(2);

        String read = Shortage.outlast(() -> {
            if (failures.getAndDecrement() > 0) {
                throw new FileSystemException("status", null, "Too many open files");
            }
            return "exited";
        });

        assertThat(read).isEqualTo("exited");
    }

    @Test
    void isNotWaitedForWhereItIsNotTheReason() {
        var missing = new NoSuchFileException("status");
        assertThatThrownBy(() -> Shortage.outlast(() -> {
                    throw missing;
                }))
                .isSameAs(missing);
    }
}
