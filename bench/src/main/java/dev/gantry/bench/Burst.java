package dev.gantry.bench;

import dev.gantry.e2e.DaemonUnderTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/// Many containers of `true`, from create to delete, several at a time; one that is lost is an error.
record Burst(DaemonUnderTest daemon, int containers, int atATime) implements Contender {
    @Override
    public String name() {
        return "%s %d runs, %d at a time".formatted(daemon.kind(), containers, atATime);
    }

    @Override
    public long once() throws IOException {
        var done = new AtomicInteger();
        var slots = new Semaphore(atATime);
        long begin = System.nanoTime();
        try (var threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("burst-", 0).factory())) {
            for (int i = 0; i < containers; i++) {
                threads.execute(() -> run(slots, done));
            }
        }
        long end = System.nanoTime();
        if (done.get() != containers) {
            throw new IOException("%s: %d of %d containers ended well".formatted(name(), done.get(), containers));
        }
        return end - begin;
    }

    private void run(Semaphore slots, AtomicInteger done) {
        slots.acquireUninterruptibly();
        try (EngineStart start = EngineStart.on(daemon, true)) {
            long _ = start.once();
            done.incrementAndGet();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            slots.release();
        }
    }
}
