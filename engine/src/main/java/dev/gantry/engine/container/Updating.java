package dev.gantry.engine.container;

import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.spec.HostFacts;
import dev.gantry.engine.spec.ResourceUpdate;
import dev.gantry.engine.spec.Validation;
import dev.gantry.engine.state.LifeCycle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Changes the limits of containers, running or not.
final class Updating {
    private final HostFacts facts;
    private final LifeEvents events;

    Updating(HostFacts facts, LifeEvents events) {
        this.facts = facts;
        this.events = events;
    }

    /// What the user is to be told. Nothing is changed when it throws.
    List<String> update(Container container, ResourceUpdate update) {
        List<String> warnings = container.changing(() -> changed(container, update));
        events.publish(container, "update");
        return warnings;
    }

    private List<String> changed(Container container, ResourceUpdate update) {
        String problem = "Cannot update container " + container.id() + ": ";
        if (container.state() instanceof LifeCycle.Removing || container.state() instanceof LifeCycle.Dead) {
            throw new Conflict(problem + "Container is marked for removal and cannot be \"update\".");
        }
        try {
            HostConfig merged = update.appliedTo(container.definition().host());
            List<String> warnings = new ArrayList<>(new Validation(facts).checkUpdate(merged));
            Run run = container.run();
            if (run != null) {
                warnings.addAll(run.process().update(update.limits(merged.resources())));
            }
            container.configure(merged);
            return warnings;
        } catch (Conflict e) {
            throw new Conflict(problem + e.getMessage());
        } catch (IOException e) {
            throw new Failed(problem + e.getMessage(), e);
        }
    }
}
