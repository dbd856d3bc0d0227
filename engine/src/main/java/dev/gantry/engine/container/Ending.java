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
            boolean recorded = container.isRecorded();
            if (!recorded) {
                container.keep(run);
            }
            run.cleanUp(recorded);
            try {
                launcher.unmounted(container.definition());
            } finally {
                container.forget(run);
            }
        }
        return last;
    }

    /// Records the end and tells everybody, under the lock: who comes from then on waits for the next process.
    private boolean ended(Container container, Run run, ExitStatus status) {
        return container.changing(() -> {
            StartStep step = StartStep.begin("exit recorded on the disk");
            container.health().end();
            Instant startedAt = run.process().startedAt();
            var exited = new LifeCycle.Exited(status.code(), status.outOfMemory(), "", startedAt, status.finishedAt());
            container.become(container.ended(exited, !closed), run);
            step.commit();
            boolean last = !container.isRestarting(); // whoever restarts it goes on once the run has ended
            container.streams().end();
            publish(container, exited);
            run.ended();
            container.waits().exited(new WaitResult(status.code(), null));
            return last;
        });
    }

    private void publish(Container container, LifeCycle.Exited exited) {
        if (exited.outOfMemory()) {
            events.publish(container, "oom");
        }
        long seconds = Duration.between(exited.startedAt(), exited.finishedAt()).toSeconds();
        String code = Integer.toString(exited.exitCode());
        events.publish(container, "die", Map.of("exitCode", code, "execDuration", Long.toString(seconds)));
    }
}
