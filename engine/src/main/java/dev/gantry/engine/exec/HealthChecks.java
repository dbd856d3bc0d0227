package dev.gantry.engine.exec;

import dev.gantry.engine.EngineException;
import dev.gantry.engine.container.Container;
import dev.gantry.engine.container.LifeEvents;
import dev.gantry.engine.container.Run;
import dev.gantry.engine.health.Health;
import dev.gantry.engine.health.HealthPlan;
import dev.gantry.engine.health.HealthResult;
import dev.gantry.engine.health.HealthStatus;
import dev.gantry.engine.request.ExecConfig;
import dev.gantry.engine.state.LifeCycle;
import dev.gantry.engine.time.GoDuration;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Checks the health of running containers.
public final class HealthChecks {
    /// What was killed ends in this time, but for one that waits for a device, or is frozen.
    private static final Duration KILLED = Duration.ofSeconds(10);

    private final HostExecs execs;
    private final LifeEvents events;

    public HealthChecks(HostExecs execs, LifeEvents events) {
        this.execs = execs;
        this.events = events;
    }

    /// Begins the checks of a run; they end with it. Does nothing if the container has none.
    public void watch(Container container, Run run) {
        container
                .health()
                .plan()
                .ifPresent(plan -> Thread.ofVirtual()
                        .name("health-" + container.id().substring(0, 12))
                        .start(() -> watch(container, run, plan)));
    }

    private void watch(Container container, Run run, HealthPlan plan) {
        try {
            while (!run.await(pause(container, run, plan).toMillis())) {
                // what is frozen answers nothing
                if (container.state() instanceof LifeCycle.Running) {
                    take(container, run, check(container, plan));
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration pause(Container container, Run run, HealthPlan plan) {
        HealthStatus status =
                container.health().current().orElse(Health.UNKNOWN).status();
        return plan.pause(status, Duration.between(run.process().startedAt(), Instant.now()));
    }

    private HealthResult check(Container container, HealthPlan plan) throws InterruptedException {
        Instant start = Instant.now();
        try (HealthProbe probe = execs.probe(container, exec(plan))) {
            if (probe.await(plan.timeout())) {
                return new HealthResult(start, Instant.now(), probe.exitCode(), probe.output());
            }
            probe.kill();
            probe.await(KILLED);
            String text = "Health check exceeded timeout (" + GoDuration.text(plan.timeout()) + ")";
            String output = probe.output();
            return new HealthResult(
                    start, Instant.now(), HealthResult.NONE, output.isEmpty() ? text : text + ": " + output);
        } catch (EngineException e) {
            return new HealthResult(start, Instant.now(), HealthResult.NONE, String.valueOf(e.getMessage()));
        }
    }

    private static ExecConfig exec(HealthPlan plan) {
        return new ExecConfig(false, true, true, null, false, List.of(), plan.command(), false, "", "", null);
    }

    /// What ended because the container did, or was frozen meanwhile, says nothing.
    private void take(Container container, Run run, HealthResult result) {
        boolean changed = container.changing(() -> run.equals(container.run())
                && container.state() instanceof LifeCycle.Running
                && container.health().add(result, run.process().startedAt()));
        if (changed) {
            HealthStatus status =
                    container.health().current().orElse(Health.UNKNOWN).status();
            events.publish(container, "health_status: " + status.word());
        }
    }
}
