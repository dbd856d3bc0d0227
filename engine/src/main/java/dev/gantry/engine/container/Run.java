package dev.gantry.engine.container;

import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.log.ContainerLog;
import dev.gantry.engine.shortage.Shortage;
import dev.gantry.engine.stats.Sampler;
import dev.gantry.engine.stream.OutputPump;
import dev.gantry.engine.view.StatsView;
import dev.gantry.kernel.Signal;
import dev.gantry.oci.runtime.Process;
import dev.gantry.runtime.ExitStatus;
import dev.gantry.runtime.RunningContainer;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One run of a container: from the start of its process until its end is recorded, and what it needed is gone.
public final class Run {
    private static final System.Logger LOGGER = System.getLogger(Run.class.getName());

    /// The code of a process whose end is not known.
    private static final int UNKNOWN = 255;

    /// From the end of a process to its record.
    private static final long END_MILLIS = 1000;

    private final RunningContainer process;
    private final Process main;
    private final Sampler sampler;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch cleanedUp = new CountDownLatch(1);

    /// @param main what its process was started from
    Run(RunningContainer process, Process main) {
        this.process = process;
        this.main = main;
        this.sampler = new Sampler(process);
    }

    public RunningContainer process() {
        return process;
    }

    /// What it uses of the host; empty if it has ended.
    ///
    /// @param previous what the same client has had before
    Optional<StatsView> stats(String name, @Nullable StatsView previous) throws InterruptedException {
        try {
            return Optional.of(sampler.sample(name, previous));
        } catch (IOException e) {
            if (await(END_MILLIS)) {
                return Optional.empty();
            }
            throw new Failed("statistics of container " + process.id() + ": " + e.getMessage(), e);
        }
    }

    /// What the process was started from.
    public Process main() {
        return main;
    }

    /// Sends a signal to the process, unless the run has ended.
    ///
    /// @return whether the run goes on
    boolean kill(Signal signal) throws IOException {
        try {
            process.kill(signal);
            return true;
        } catch (IOException e) {
            if (ended.getCount() == 0) {
                return false; // its descriptors are closed, its cgroups removed
            }
            throw e;
        }
    }

    /// Parks until the end of the run is recorded.
    void await() throws InterruptedException {
        ended.await();
    }

    /// As [#await], at most so many milliseconds.
    ///
    /// @return whether it is
    public boolean await(long millis) throws InterruptedException {
        return ended.await(millis, TimeUnit.MILLISECONDS);
    }

    /// The end of the run is recorded.
    void ended() {
        ended.countDown();
    }

    /// Parks until nothing of the run is left on the host.
    void awaitCleanUp() throws InterruptedException {
        cleanedUp.await();
    }

    /// Waits for the process, and takes its output to the last byte.
    ///
    /// @return how it ended
    ExitStatus awaitEnd(OutputPump pump, ContainerLog log) throws InterruptedException {
        ExitStatus status = awaitExit();
        pump.awaitEnd();
        log.close();
        return status;
    }

    /// Lets the supervisor go and removes what the run needed; takes longer than the rest of its end.
    ///
    /// @param recorded whether the end is on the disk: else what tells how the run ended stays
    void cleanUp(boolean recorded) {
        try {
            tolerating("letting go of the supervisor of", process::drained);
            if (recorded) {
                delete();
            }
            tolerating("closing the descriptors of", process::close);
        } finally {
            cleanedUp.countDown();
        }
    }

    /// Removes what the run needed.
    void delete() {
        tolerating("removing what is left of", process::delete);
    }

    private ExitStatus awaitExit() throws InterruptedException {
        try {
            return Shortage.outlast(process::awaitExit);
        } catch (IOException e) {
            LOGGER.log(Level.ERROR, "the end of container " + process.id(), e);
            return new ExitStatus(UNKNOWN, null, Instant.now(), false);
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private void tolerating(String doing, Step step) {
        try {
            step.run();
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, doing + " container " + process.id(), e);
        }
    }
}
