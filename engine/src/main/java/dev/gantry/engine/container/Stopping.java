package dev.gantry.engine.container;

import dev.gantry.engine.EngineException;
import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.EngineException.NotModified;
import dev.gantry.engine.state.LifeCycle;
import dev.gantry.kernel.Signal;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Ends, freezes and thaws what runs.
final class Stopping {
    private static final System.Logger LOGGER = System.getLogger(Stopping.class.getName());

    private static final int DEFAULT_STOP_SECONDS = 10;

    /// A killed process that is still there then waits for a device.
    private static final long KILL_MILLIS = 10_000;

    private final LifeEvents events;

    Stopping(LifeEvents events) {
        this.events = events;
    }

    void stop(Container container, @Nullable String signal, @Nullable Integer seconds) {
        Signal asked = signal == null || signal.isEmpty() ? stopSignal(container) : signal(signal);
        if (!container.state().isRunning()) {
            throw new NotModified("container is already stopped");
        }
        if (!container.stoppedByUser()) {
            end(container, asked, seconds == null ? stopSeconds(container) : seconds);
        }
        events.publish(container, "stop");
    }

    private void end(Container container, Signal asked, int grace) {
        Run run = container.run();
        if (run != null) {
            end(container, run, asked, grace);
        }
    }

    /// Asks, waits, and then kills; returns when the run is over.
    private void end(Container container, Run run, Signal asked, int grace) {
        try {
            thaw(container);
            send(container, run, asked);
            boolean over = true;
            if (grace < 0) {
                run.await();
            } else {
                over = run.await(TimeUnit.SECONDS.toMillis(grace));
            }
            if (!over) {
                LOGGER.log(
                        Level.INFO,
                        "container {0} did not exit within {1} s of {2}, so it is killed",
                        container.id(),
                        grace,
                        asked);
                kill(container, run);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Failed("interrupted while stopping container " + container.id());
        }
    }

    /// Kills the process and waits for the end of its run.
    void kill(Container container, Run run) throws InterruptedException {
        send(container, run, Signal.KILL);
        if (!run.await(KILL_MILLIS)) {
            throw new Failed(
                    "container " + container.id() + " PID " + run.process().pid()
                            + " is zombie and can not be killed. Use the --init option when creating containers to run an"
                            + " init inside the container that forwards signals and reaps processes");
        }
    }

    void kill(Container container, @Nullable String signal) {
        Signal wanted = signal == null || signal.isEmpty() ? Signal.KILL : signal(signal);
        if (!container.state().isRunning()) {
            throw new Conflict("container " + container.id() + " is not running");
        }
        boolean stops = wanted.equals(Signal.KILL) || wanted.equals(stopSignal(container));
        if (stops && container.stoppedByUser()) {
            return;
        }
        Run run = container.running();
        send(container, run, wanted);
        if (wanted.equals(Signal.KILL)) {
            awaitKilled(container, run);
        }
    }

    private static void awaitKilled(Container container, Run run) {
        try {
            boolean over = run.await(KILL_MILLIS);
            if (!over) {
                LOGGER.log(Level.WARNING, "container {0} is still there after SIGKILL", container.id());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void thaw(Container container) {
        if (container.state() instanceof LifeCycle.Paused) {
            try {
                unpause(container);
            } catch (Conflict _) {
                // somebody else was quicker
            }
        }
    }

    private void send(Container container, Run run, Signal signal) {
        // under the lock: nobody freezes it meanwhile
        if (container.changing(() -> isSent(container, run, signal))) {
            events.publish(container, "kill", Map.of("signal", Integer.toString(signal.number())));
        }
    }

    private static boolean isSent(Container container, Run run, Signal signal) {
        try {
            return run.kill(signal);
        } catch (IOException e) {
            throw new Failed("cannot kill container: " + container.id() + ": " + e.getMessage(), e);
        }
    }

    void pause(Container container) {
        container.changing(() -> {
            container.record(freeze(container, true));
        });
        events.publish(container, "pause");
    }

    /// Freezes what runs for as long as a request takes: a daemon that comes after this one thaws it.
    ///
    /// @return whether it is frozen because of this
    boolean hold(Container container) {
        boolean held = container.changing(() -> {
            boolean runs = container.state() instanceof LifeCycle.Running;
            if (runs) {
                LifeCycle.Paused _ = freeze(container, false);
            }
            return runs;
        });
        if (held) {
            events.publish(container, "pause");
        }
        return held;
    }

    /// Thaws what [#hold] has frozen, unless somebody else was quicker, or has killed it.
    void release(Container container) {
        boolean released = container.changing(() -> {
            boolean held = container.state() instanceof LifeCycle.Paused(var _, boolean asked) && !asked;
            if (held) {
                thawed(container);
            }
            return held;
        });
        if (released) {
            events.publish(container, "unpause");
        }
    }

    /// Under the lock.
    private static LifeCycle.Paused freeze(Container container, boolean asked) {
        LifeCycle.Paused next = container.state().pause(container.id(), asked);
        Run run = container.running();
        try {
            run.process().pause();
        } catch (IOException e) {
            throw new Failed("Cannot pause container " + container.id() + ": " + e.getMessage(), e);
        }
        container.set(next, run);
        return next;
    }

    void unpause(Container container) {
        container.changing(() -> thawed(container));
        events.publish(container, "unpause");
    }

    /// Under the lock.
    private static void thawed(Container container) {
        LifeCycle before = container.state();
        LifeCycle.Running next = before.unpause(container.id());
        Run run = container.running();
        try {
            run.process().resume();
        } catch (IOException e) {
            throw new Failed("Cannot unpause container " + container.id() + ": " + e.getMessage(), e);
        }
        container.set(next, run);
        if (!before.durable().equals(next)) {
            container.record(next);
        }
    }

    private static Signal stopSignal(Container container) {
        String own = container.definition().config().stopSignal();
        return own == null || own.isEmpty()
                ? Signal.TERMINATE
                : Signal.parse(own).orElse(Signal.TERMINATE);
    }

    static int stopSeconds(Container container) {
        Integer own = container.definition().config().stopTimeout();
        return own == null ? DEFAULT_STOP_SECONDS : own;
    }

    private static Signal signal(String text) {
        return Signal.parse(text).orElseThrow(() -> new Invalid("Invalid signal: " + text));
    }

    /// Stops every container that runs, all at once; returns when none does.
    ///
    /// @param timeout for containers without a stop timeout of their own
    void stopAll(List<Container> containers, Duration timeout) {
        try (var stops = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("shutdown-", 0).factory())) {
            for (Container container : containers) {
                stops.execute(() -> stopForNow(container, Math.toIntExact(timeout.toSeconds())));
            }
        }
    }

    /// It runs again when the next daemon starts, if that is its policy.
    private void stopForNow(Container container, int seconds) {
        Integer own = container.definition().config().stopTimeout();
        try {
            // under the lock: it may just be started again
            if (container.changing(container::run) != null) {
                end(container, stopSignal(container), own == null ? seconds : own);
                events.publish(container, "stop");
            }
        } catch (EngineException e) {
            LOGGER.log(Level.ERROR, "container " + container.id() + " at shutdown", e);
        }
    }
}
