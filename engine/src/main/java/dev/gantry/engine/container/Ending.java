package dev.gantry.engine.container;

import dev.gantry.engine.WaitResult;
import dev.gantry.engine.state.LifeCycle;
import dev.gantry.engine.stream.OutputPump;
import dev.gantry.runtime.ExitStatus;
import dev.gantry.runtime.timing.StartStep;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;

/// Follows each run of a container to its end.
final class Ending {
    private final Launcher launcher;
    private final LifeEvents events;
    private volatile boolean closed;

    Ending(Launcher launcher, LifeEvents events) {
        this.launcher = launcher;
        this.events = events;
    }

    /// From now on, what ends is not started again.
    void close() {
        closed = true;
    }

    boolean isRestartable() {
        return !closed;
    }

    /// Follows a run in a thread of its own.
    ///
    /// @param then told, in that thread, when nothing of the run is left, unless it was ended to start another
    void watch(Container container, Run run, OutputPump pump, Consumer<Container> then) {
        Thread _ = Thread.ofVirtual()
                .name("run-" + container.definition().shortId())
                .start(() -> {
                    if (supervise(container, run, pump)) {
                        then.accept(container);
                    }
                });
    }

    /// Whether it was not ended to start another.
    private boolean supervise(Container container, Run run, OutputPump pump) {
        boolean last = true;
        try {
            StartStep step = StartStep.begin("command run, its end reported");
            ExitStatus status = run.awaitEnd(pump, container.log());
            step.commit();
            last = ended(container, run, status);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            run.ended();
            run.cleanUp();
            try {
                launcher.unmounted(container.definition());
            } finally {
                container.forget(run);
            }
        }
        return last;
    }

    private boolean ended(Container container, Run run, ExitStatus status) {
        Instant startedAt = run.process().startedAt();
        var exited = new LifeCycle.Exited(status.code(), status.outOfMemory(), "", startedAt, status.finishedAt());
        StartStep step = StartStep.begin("exit recorded on the disk");
        boolean last = container.changing(() -> {
            container.health().end();
            container.become(container.ended(exited, !closed), run);
            return !container.isRestarting();
        });
        step.commit();
        container.streams().end();
        if (status.outOfMemory()) {
            events.publish(container, "oom");
        }
        long seconds = Duration.between(startedAt, status.finishedAt()).toSeconds();
        events.publish(
                container,
                "die",
                Map.of("exitCode", Integer.toString(status.code()), "execDuration", Long.toString(seconds)));
        run.ended();
        container.waits().exited(new WaitResult(status.code(), null));
        return last;
    }
}
