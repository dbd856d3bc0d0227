package dev.gantry.engine.container;

import dev.gantry.engine.EngineException;
import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.EngineException.NotModified;
import dev.gantry.engine.WaitResult;
import dev.gantry.engine.state.LifeCycle;
import dev.gantry.engine.stream.DetachKeys;
import dev.gantry.engine.stream.OutputPump;
import dev.gantry.runtime.LaunchException;
import dev.gantry.runtime.timing.StartStep;
import dev.gantry.store.space.FullDisk;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Starts containers, and watches each of their runs to its end.
final class Starting {
    private static final System.Logger LOGGER = System.getLogger(Starting.class.getName());

    /// The code of a container whose process could not be made at all.
    private static final int NOT_STARTED = 128;

    private final Launcher launcher;
    private final LifeEvents events;
    private final Ending ending;
    private final Consumer<Container> autoRemoval;
    private final BiConsumer<Container, Run> healthChecks;

    /// @param autoRemoval removes a container whose run is over
    /// @param healthChecks begins them for a run
    Starting(
            Launcher launcher,
            LifeEvents events,
            Consumer<Container> autoRemoval,
            BiConsumer<Container, Run> healthChecks) {
        this.launcher = launcher;
        this.events = events;
        this.ending = new Ending(launcher, events);
        this.autoRemoval = autoRemoval;
        this.healthChecks = healthChecks;
    }

    void start(Container container, @Nullable String detachKeys) {
        if (detachKeys != null) {
            DetachKeys _ = DetachKeys.parse(detachKeys);
        }
        Attempt attempt = container.changing(() -> attempt(container, detachKeys));
        while (attempt instanceof Attempt.Busy) {
            container.awaitCleanUp();
            attempt = container.changing(() -> attempt(container, detachKeys));
        }
        if (attempt instanceof Attempt.Failed(EngineException failure)) {
            if (container.isRemovedAtExit()) {
                autoRemoval.accept(container);
            }
            throw failure;
        }
    }

    /// What becomes of a start that makes sense.
    private sealed interface Attempt {
        record Begun() implements Attempt {}

        /// An earlier run is not cleaned up yet.
        record Busy() implements Attempt {}

        /// Who waits for the container waits for nothing.
        record Failed(EngineException failure) implements Attempt {}
    }

    /// Starts a container, under its lock.
    ///
    /// @throws NotModified when it runs
    /// @throws Conflict when it cannot be started in its state
    private Attempt attempt(Container container, @Nullable String detachKeys) {
        container.state().requireStartable();
        if (!container.isCleanedUp()) {
            return new Attempt.Busy();
        }
        if (detachKeys != null) {
            container.detachKeys(detachKeys);
        }
        container.startedByUser();
        try {
            begin(container);
            return new Attempt.Begun();
        } catch (EngineException e) {
            container.streams().end();
            return new Attempt.Failed(e);
        }
    }

    private void begin(Container container) {
        Run run = launched(container);
        var process = run.process();
        container.set(new LifeCycle.Running(process.pid(), process.startedAt()), run);
        OutputPump pump = joined(container, run, true);
        events.publish(container, "start");
        ending.watch(container, run, pump, this::over);
        container.health().begin(process.startedAt());
        healthChecks.accept(container, run);
    }

    /// Goes on with a container whose process an earlier daemon has started.
    ///
    /// @param logged whether its log is open
    void resume(Container container, Run run, boolean logged) {
        container.health().resume(run.process().startedAt());
        ending.watch(container, run, joined(container, run, logged), this::over);
        healthChecks.accept(container, run);
    }

    /// Nothing is left of a run.
    private void over(Container container) {
        if (container.state() instanceof LifeCycle.Restarting waiting) {
            LifeCycle.Exited last = waiting.last();
            Duration ran = Duration.between(last.startedAt(), last.finishedAt());
            restart(container, waiting, container.backoff().after(ran));
        } else if (container.isRemovedAtExit()) {
            autoRemoval.accept(container);
        }
    }

    /// Starts a container by its restart policy when its time has come, unless somebody has stopped it meanwhile.
    void restart(Container container, LifeCycle.Restarting waiting, Duration delay) {
        try {
            Thread.sleep(delay);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return;
        }
        container.changing(() -> {
            if (container.state().equals(waiting) && ending.isRestartable()) {
                startAgain(container);
            }
        });
    }

    /// What fails now is not tried once more, as in Docker.
    private void startAgain(Container container) {
        try {
            begin(container);
        } catch (EngineException e) {
            LOGGER.log(Level.WARNING, "container " + container.id() + " is not started again", e);
            container.streams().end();
        }
    }

    /// From now on, nothing is started again.
    void close() {
        ending.close();
    }

    /// Joins everybody to the process.
    private static OutputPump joined(Container container, Run run, boolean logged) {
        var process = run.process();
        container.streams().begin(process.stdin());
        return logged
                ? OutputPump.start(process, container.streams(), container.log())
                : OutputPump.start(process, container.streams());
    }

    /// The start is on the disk when this returns: the disk takes it while the kernel makes the container.
    private Run launched(Container container) {
        container.discardKept();
        Thread recording = Thread.ofVirtual()
                .name("state-" + container.definition().shortId())
                .start(() -> container.record(new LifeCycle.Running(0, Instant.now())));
        try {
            return launched(container, recording);
        } catch (IOException e) {
            ContainerFiles files = container.files();
            IOException why = FullDisk.explained(e, files.directory(), files.journals());
            throw notStarted(container, Launcher.translated(why), code(e));
        } catch (EngineException e) {
            throw notStarted(container, e, NOT_STARTED);
        }
    }

    private Run launched(Container container, Thread recording) throws IOException {
        try {
            StartStep step = StartStep.begin("log opened");
            container.log().open();
            step.commit();
            return launcher.launch(container);
        } finally {
            StartStep step = StartStep.begin("start recorded on the disk: what is left of it to wait for");
            join(recording);
            step.commit();
        }
    }

    private static void join(Thread recording) {
        boolean interrupted = false;
        while (recording.isAlive()) {
            try {
                recording.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static int code(IOException failure) {
        return failure instanceof LaunchException launch && launch.exitCode() != LaunchException.SETUP
                ? launch.exitCode()
                : NOT_STARTED;
    }

    private static EngineException notStarted(Container container, EngineException failure, int code) {
        container.log().close();
        String text = String.valueOf(failure.getMessage());
        container.become(
                switch (container.state()) {
                    case LifeCycle.Exited last -> last.notStarted(code, text);
                    case LifeCycle.Restarting(LifeCycle.Exited last) -> last.notStarted(code, text);
                    case LifeCycle.Created _,
                            LifeCycle.Running _,
                            LifeCycle.Paused _,
                            LifeCycle.Removing _,
                            LifeCycle.Dead _ -> new LifeCycle.Created(code, text);
                },
                null);
        container.waits().exited(new WaitResult(code, null));
        return failure;
    }
}
