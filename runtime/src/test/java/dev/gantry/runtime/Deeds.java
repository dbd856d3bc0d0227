package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.kernel.Signal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// What a program that attacks others has done so far. It writes such a record after each of them.
///
/// @param victims processes that it got hold of in time
/// @param tries how often it tried on them what it wants
/// @param successes how often that is what it must not do
record Deeds(long victims, long tries, long successes) {
    static final int SIZE = 24;

    /// In time is not often on a busy machine.
    private static final int VICTIMS = 25;

    private static final int TRIES = 10_000;
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(90);

    /// What comes to the attacker's PID namespace, and ends.
    interface Victim {
        void run() throws Exception;
    }

    /// Gives victims to the attacker until it has tried often enough, and then kills it.
    ///
    /// @return what it has done in the end
    static Deeds of(RunningContainer attacker, Victim victim) throws Exception {
        AtomicReference<Deeds> last = new AtomicReference<>(new Deeds(0, 0, 0));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var reading = threads.submit(() -> follow(attacker, last));
            try {
                long deadline = System.nanoTime() + PATIENCE;
                while (!last.get().enough() && System.nanoTime() < deadline) {
                    victim.run();
                }
            } finally {
                // its output ends with it
                attacker.kill(Signal.KILL);
            }
            reading.get();
        }
        attacker.awaitExit();
        assertThat(last.get().enough()).as("%s", last).isTrue();
        return last.get();
    }

    private boolean enough() {
        return victims >= VICTIMS && tries >= TRIES;
    }

    private static Void follow(RunningContainer attacker, AtomicReference<Deeds> last) throws IOException {
        byte[] bytes = attacker.stdout().readNBytes(SIZE);
        while (bytes.length == SIZE) {
            ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            last.set(new Deeds(record.getLong(), record.getLong(), record.getLong()));
            bytes = attacker.stdout().readNBytes(SIZE);
        }
        return null;
    }
}
