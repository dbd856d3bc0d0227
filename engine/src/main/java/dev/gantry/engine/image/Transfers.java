package dev.gantry.engine.image;

import dev.gantry.engine.Images.Progress;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Moves the parts of an image at the same time, and tells about them one message after the other.
///
/// On threads of the platform: unpacking and compressing is hard work, and virtual threads would keep all others of the
/// daemon from theirs.
final class Transfers {
    /// Brings one part to its place.
    interface Transfer {
        void run() throws IOException, InterruptedException;
    }

    private final Consumer<Progress> listener;
    private final int atATime;
    private final ReentrantLock telling = new ReentrantLock();

    Transfers(Consumer<Progress> listener, int atATime) {
        this.listener = listener;
        this.atATime = atATime;
    }

    /// Returns when all have come to their end. The first failure ends the others.
    void run(List<Transfer> transfers) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(
                atATime, Thread.ofPlatform().daemon().name("transfer-", 0).factory());
        try {
            var done = new ExecutorCompletionService<Boolean>(threads);
            for (Transfer each : transfers) {
                done.submit(() -> {
                    each.run();
                    return true;
                });
            }
            for (int i = 0; i < transfers.size(); i++) {
                done.take().get();
            }
        } catch (ExecutionException e) {
            throw thrown(e);
        } finally {
            // those that still run are interrupted, and waited for: they use the store
            threads.shutdownNow();
            threads.close();
        }
    }

    private static IOException thrown(ExecutionException e) throws InterruptedException {
        return switch (e.getCause()) {
            case IOException failure -> failure;
            case InterruptedException interrupted -> throw interrupted;
            case RuntimeException failure -> throw failure;
            case Error error -> throw error;
            case null, default -> new IOException(e.getCause());
        };
    }

    void tell(Progress progress) {
        telling.lock();
        try {
            listener.accept(progress);
        } finally {
            telling.unlock();
        }
    }

    /// Tells from time to time how much of a part is there.
    final class Meter {
        private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(100);

        private final String id;
        private final String status;
        private final long total;
        private long told = System.nanoTime();

        Meter(String id, String status, long total) {
            this.id = id;
            this.status = status;
            this.total = total;
        }

        void at(long bytes) {
            long now = System.nanoTime();
            if (now - told > PERIOD) {
                told = now;
                tell(new Progress(id, status, new Progress.Amount(bytes, total)));
            }
        }
    }
}
