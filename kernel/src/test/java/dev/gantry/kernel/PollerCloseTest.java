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

    /// An engine that is closed leaves processes running, and some of its threads just begin to wait for them.
    @Test
    void letsWaitWhoComesAfterItIsClosed() throws Exception {
        Poller poller = Poller.start("closed-poller-test");
        poller.close();
        while (Thread.getAllStackTraces().keySet().stream()
                .anyMatch(each -> each.getName().equals("closed-poller-test"))) {
            Thread.onSpinWait();
        }
        try (Pipe pipe = Pipe.create()) {
            Queue<Errno> heard = new ConcurrentLinkedQueue<>();
            Thread waiting = waitIn(poller, pipe.read(), heard);
            while (waiting.isAlive() && waiting.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            assertThat(heard).isEmpty();
            pipe.read().close();
            waiting.join();
            assertThat(heard).containsExactly(Errno.EBADF);
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
