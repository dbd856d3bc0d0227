package dev.gantry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.SystemCall;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class ErrnoTest {

    private static final int TRIES = 20_000;

    /// The JVM's own calls between ours, for example at a safepoint, must not change the number.
    @Test
    void everyThreadGetsTheErrorOfItsOwnCall() throws Exception {
        List<Callable<Long>> failing = List.of(
                counting(Errno.EBADF, () -> SystemCall.invoke(Call.CLOSE, -1)),
                counting(Errno.EINVAL, () -> SystemCall.invoke(Call.PIDFD_OPEN, -1, 0)),
                counting(Errno.ESRCH, () -> SystemCall.invoke(Call.PIDFD_OPEN, Integer.MAX_VALUE, 0)),
                counting(new Errno(14), () -> SystemCall.invoke(Call.PIPE2, 0, 0)));
        List<Long> right = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(failing.size())) {
            for (Future<Long> thread : threads.invokeAll(failing)) {
                right.add(thread.get());
            }
        }
        assertThat(right).containsOnly((long) TRIES);
    }

    @Test
    void knowsNamesAndTexts() {
        assertThat(Errno.ENOENT).hasToString("ENOENT");
        assertThat(Errno.ENOENT.description()).isEqualTo("no such file or directory");
        assertThat(Errno.EDQUOT.symbol()).isEqualTo("EDQUOT");
        assertThat(Errno.EDQUOT.description()).isEqualTo("disk quota exceeded");
    }

    @Test
    void printsTheNumberOfAnErrorWithoutAName() {
        assertThat(new Errno(4711)).hasToString("errno 4711");
        assertThat(new Errno(41)).hasToString("errno 41");
    }

    @Test
    void refusesWhatIsNoErrorNumber() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Errno(0));
    }

    @Test
    void messageNamesCallSubjectAndError() {
        KernelException refused = new KernelException("openat2", "/etc/shadow", Errno.EACCES);
        assertThat(refused).hasMessage("openat2 /etc/shadow: EACCES (permission denied)");
        assertThat(refused.errno()).isEqualTo(Errno.EACCES);
    }

    /// A name that an image chose must neither move the cursor nor forge a line of a log.
    @Test
    void messageEscapesControlCharactersOfNames() {
        KernelException refused = new KernelException("openat2", "a\n\u001b[2J\udc80", Errno.ENOENT);
        assertThat(refused).hasMessage("openat2 a\\u000a\\u001b[2J\\udc80: ENOENT (no such file or directory)");
    }

    private static Callable<Long> counting(Errno expected, LongSupplier call) {
        return () -> {
            long right = 0;
            for (int i = 0; i < TRIES; i++) {
                if (call.getAsLong() == -expected.value()) {
                    right++;
                }
            }
            return right;
        };
    }
}
