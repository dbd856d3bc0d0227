package dev.gantry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PollerIT {

    private static final int PIPES = 1_000;

    @AutoClose
    private Poller poller;

    private final List<Pipe> pipes = new ArrayList<>();

    @BeforeEach
    void startPoller() throws KernelException {
        poller = Poller.start("poller-test");
    }

    @AfterEach
    void closePipes() {
        pipes.forEach(Pipe::close);
    }

    @Test
    void aThousandThreadsWaitEachForTheirOwnPipe() throws Exception {
        List<Future<Integer>> readers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < PIPES; i++) {
                PolledInput in = new PolledInput(poller, pipe().read());
                readers.add(threads.submit(() -> in.read()));
            }
            for (int i = 0; i < PIPES; i++) {
                pipes.get(i).write().output().write(i % 251);
            }
            for (int i = 0; i < PIPES; i++) {
                assertThat(readers.get(i).get()).isEqualTo(i % 251);
            }
        }
    }

    @Test
    void megabytesPassThroughAFullPipe() throws Exception {
        byte[] sent = new byte[8 << 20];
        new Random(1).nextBytes(sent);
        Pipe pipe = pipe();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                PolledInput in = new PolledInput(poller, pipe.read())) {
            Future<Boolean> writer = threads.submit(() -> {
                try (PolledOutput out = new PolledOutput(poller, pipe.write())) {
                    out.write(sent);
                }
                return true;
            });
            assertThat(in.readAllBytes()).isEqualTo(sent);
            assertThat(writer.get()).isTrue();
        }
    }

    @Test
    void closingADescriptorWakesItsReader() throws Exception {
        OwnedFd end = pipe().read();
        PolledInput in = new PolledInput(poller, end);
        FutureTask<Integer> reading = new FutureTask<>(in::read);
        Thread reader = Thread.ofVirtual().name("reader").start(reading);
        Expect.waiting(reader);
        end.close();
        reader.join();
        assertEndedWithBadDescriptor(reading);
    }

    @Test
    void closingADescriptorWakesEverybodyWhoWaits() throws Exception {
        OwnedFd event = OwnedFd.event();
        FutureTask<Boolean> reading = new FutureTask<>(() -> {
            poller.awaitReadable(event);
            return true;
        });
        FutureTask<Boolean> second = new FutureTask<>(() -> {
            poller.awaitReadable(event);
            return true;
        });
        Thread one = Thread.ofVirtual().name("one").start(reading);
        Thread two = Thread.ofVirtual().name("two").start(second);
        Expect.waiting(one);
        Expect.waiting(two);
        event.close();
        one.join();
        two.join();
        assertEndedWithBadDescriptor(reading);
        assertEndedWithBadDescriptor(second);
    }

    @Test
    void closedDescriptorIsRefused() throws Exception {
        OwnedFd end = pipe().read();
        end.close();
        Expect.refusal(Errno.EBADF, () -> poller.awaitReadable(end));
    }

    @Test
    void interruptEndsTheWait() throws Exception {
        PolledInput in = new PolledInput(poller, pipe().read());
        FutureTask<Boolean> reading = new FutureTask<>(() -> {
            assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(in::read);
            return Thread.interrupted();
        });
        Thread reader = Thread.ofVirtual().name("reader").start(reading);
        Expect.waiting(reader);
        reader.interrupt();
        assertThat(reading.get()).isTrue();
    }

    @Test
    void endOfThePeerIsEndOfStreamOrBrokenPipe() throws Exception {
        Pipe first = pipe();
        first.write().close();
        assertThat(new PolledInput(poller, first.read()).read()).isEqualTo(-1);
        Pipe second = pipe();
        second.read().close();
        PolledOutput out = new PolledOutput(poller, second.write());
        Expect.refusal(Errno.EPIPE, () -> out.write(1));
    }

    private static void assertEndedWithBadDescriptor(FutureTask<?> task) {
        assertThat(task.state()).isEqualTo(Future.State.FAILED);
        assertThat(task.exceptionNow())
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EBADF));
    }

    private Pipe pipe() throws IOException {
        Pipe pipe = Pipe.create();
        pipes.add(pipe);
        return pipe;
    }
}
