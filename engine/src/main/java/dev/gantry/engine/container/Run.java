package dev.gantry.engine.container;

import dev.gantry.engine.log.ContainerLog;
import dev.gantry.engine.stream.OutputPump;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.ExitStatus;
import dev.gantry.runtime.RunningContainer;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// One run of a container: from the start of its process until its end is recorded.
public final class Run {
    private static final System.Logger LOGGER = System.getLogger(Run.class.getName());

    /// The code of a process whose end is not known.
    private static final int UNKNOWN = 255;

    private final RunningContainer process;
    private final Spec spec;
    private final CountDownLatch over = new CountDownLatch(1);

    Run(RunningContainer process, Spec spec) {
        this.process = process;
        this.spec = spec;
    }

    public RunningContainer process() {
        return process;
    }

    /// What the process was started from.
    public Spec spec() {
        return spec;
    }

    /// Parks until the end of the run is recorded.
    void await() throws InterruptedException {
        over.await();
    }

    /// As [#await], at most so many milliseconds.
    ///
    /// @return whether the run is over
    boolean await(long millis) throws InterruptedException {
        return over.await(millis, TimeUnit.MILLISECONDS);
    }

    /// The end of the run is recorded.
    void over() {
        over.countDown();
    }

    /// Waits for the process, ends what it has left behind, and takes its output to the last byte.
    ///
    /// @return how it ended
    ExitStatus finish(OutputPump pump, ContainerLog log) throws InterruptedException {
        ExitStatus status = awaitExit();
        tolerating("removing what is left of", process::delete);
        // everybody who could write is dead now, so this ends; a process that has left the cgroup may go on writing
        pump.awaitEnd();
        log.close();
        tolerating("letting go of the supervisor of", process::drained);
        process.close();
        return status;
    }

    private ExitStatus awaitExit() throws InterruptedException {
        try {
            return process.awaitExit();
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
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, doing + " container " + process.id(), e);
        }
    }
}
