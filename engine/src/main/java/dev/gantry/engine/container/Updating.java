package dev.gantry.engine.container;

import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.spec.HostFacts;
import dev.gantry.engine.spec.ResourceUpdate;
import dev.gantry.engine.spec.Validation;
import dev.gantry.engine.state.LifeCycle;
import dev.gantry.oci.runtime.Resources;
import dev.gantry.runtime.RunningContainer;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Changes the limits of containers, running or not.
final class Updating {
    private static final System.Logger LOGGER = System.getLogger(Updating.class.getName());

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
                warnings.addAll(limited(container, run, update.limits(merged.resources()), merged));
            }
            container.configure(merged);
            return warnings;
        } catch (Conflict e) {
            throw new Conflict(problem + e.getMessage());
        } catch (IOException e) {
            throw new Failed(problem + e.getMessage(), e);
        }
    }

    /// Changes what is in force. From here on a daemon that dies leaves it to the next one to complete.
    private static List<String> limited(Container container, Run run, Resources limits, HostConfig merged)
            throws IOException {
        try {
            container.files().announce(container.definition().withHost(merged));
            return run.process().update(limits);
        } catch (IOException e) {
            container.files().withdraw();
            throw e;
        }
    }

    /// What a container that is taken back is defined as: an update of its limits that was cut off is completed, or if
    /// the kernel refuses that, left.
    static Definition completed(Definition definition, ContainerFiles files, RunningContainer process)
            throws IOException {
        Optional<Definition> next = files.cutOff();
        if (next.isEmpty() || next.get().host().equals(definition.host())) {
            return definition;
        }
        HostConfig host = next.get().host();
        try {
            List<String> _ = process.update(
                    ResourceUpdate.between(definition.host(), host).limits(host.resources()));
        } catch (IOException e) {
            LOGGER.log(Level.ERROR, "the update of container " + definition.id() + " that was cut off", e);
            return definition;
        }
        Definition completed = definition.withHost(host);
        files.write(completed);
        return completed;
    }
}
