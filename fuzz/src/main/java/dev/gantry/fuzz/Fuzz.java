package dev.gantry.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// Tries something with random inputs until its time is over.
///
/// Each try has a seed of its own, which a failure names: `-Dfuzz.seed=<seed> -Dfuzz.tries=1` repeats that try alone.
/// `-Dfuzz.millis` is the time that each run has.
public final class Fuzz {
    /// The time of a run in a usual test run.
    private static final long MILLIS = 1500;

    /// What one try may cost: the parsers are linear, and their inputs are small.
    private static final long MAX_CPU = TimeUnit.SECONDS.toNanos(2);

    private static final long MAX_ALLOCATION = 256L << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Fuzz() {}

    /// What is tried. Whatever it throws is a failure.
    @FunctionalInterface
    public interface Target {
        void accept(Inputs inputs) throws Exception;
    }

    /// Tries until the time is over, and says how often and from which seed on.
    ///
    /// @throws AssertionError if a try fails, or takes too much time or memory
    public static void run(String name, Target target) {
        long first = Long.getLong("fuzz.seed", System.nanoTime());
        long tries = Long.getLong("fuzz.tries", Long.MAX_VALUE);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Long.getLong("fuzz.millis", MILLIS));
        long count = 0;
        do {
            attempt(name, target, first + count);
            count++;
        } while (count < tries && System.nanoTime() < end);
        System.out.printf(Locale.ROOT, "fuzz %s: %d tries from seed %d on%n", name, count, first);
    }

    private static void attempt(String name, Target target, long seed) {
        Inputs inputs = new Inputs(seed);
        long cpu = THREADS.getCurrentThreadCpuTime();
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        String repeat = "fuzz %s, -Dfuzz.seed=%d -Dfuzz.tries=1".formatted(name, seed);
        try {
            target.accept(inputs);
        } catch (Exception | AssertionError | StackOverflowError | OutOfMemoryError e) {
            throw new AssertionError(repeat + ": " + e + "\nwith " + inputs.described(), e);
        }
        long time = THREADS.getCurrentThreadCpuTime() - cpu;
        long memory = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        if (time > MAX_CPU || memory > MAX_ALLOCATION) {
            throw new AssertionError("%s: took %d ms and %d MiB\nwith %s"
                    .formatted(repeat, TimeUnit.NANOSECONDS.toMillis(time), memory >> 20, inputs.described()));
        }
    }
}
