package dev.gantry.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PollerCloseTest {

    /// A terminal's master is read by one thread and written by another: both must hear of its close.
    @Test
    void wakesEveryThreadThatWaitsForADescriptorWhenItIsClosed() throws Exception {
        try (Poller poller = Poller.start("poller-close-test");
                Pipe pipe = Pipe.create()) {
            Queue<Errno> heard = new ConcurrentLinkedQueue<>();
            List<Thread> waiting = Stream.generate(() -> waitIn(poller, pipe.read(), heard))
                    .limit(2)
                    .toList();
            for (Thread thread : waiting) {
                while (thread.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
            }
            pipe.read().close();
            for (Thread thread : waiting) {
                thread.join();
            }
            assertThat(heard).containsExactly(Errno.EBADF, Errno.EBADF);
        }
    }

    private static Thread waitIn(Poller poller, OwnedFd fd, Queue<Errno> heard) {
        return Thread.ofPlatform().daemon().name("waiter").start(() -> {
            try {
                poller.awaitReadable(fd);
            } catch (KernelException e) {
                heard.add(e.errno());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
