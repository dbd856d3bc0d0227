package dev.gantry.engine.container;

import dev.gantry.engine.EngineException;
import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.EngineException.Unsupported;
import dev.gantry.engine.RemoveOptions;
import dev.gantry.engine.state.LifeCycle;
import java.io.IOException;
import java.lang.System.Logger.Level;

/// Takes containers away with everything that belongs to them.
final class Removal {
    private static final System.Logger LOGGER = System.getLogger(Removal.class.getName());

    private final Registry registry;
    private final Stopping stopping;
    private final LifeEvents events;

    Removal(Registry registry, Stopping stopping, LifeEvents events) {
        this.registry = registry;
        this.stopping = stopping;
        this.events = events;
    }

    void remove(Container container, RemoveOptions options) {
        if (options.link()) {
            throw new Unsupported("links are not supported by Gantry");
        }
        if (options.force()) {
            kill(container);
        }
        container.awaitCleanUp();
        // in memory only: on the disk the removal begins with the first file that goes
        container.changing(() -> container.set(container.state().remove(container.id()), null));
        delete(container);
    }

    /// Removes a container whose run is over; somebody else may be doing so already.
    void removeAfterExit(Container container) {
        try {
            remove(container, RemoveOptions.PLAIN);
        } catch (Conflict e) {
            LOGGER.log(Level.DEBUG, "removal of container {0} at its end: {1}", container.id(), e.getMessage());
        } catch (EngineException e) {
            LOGGER.log(Level.ERROR, "removal of container " + container.id() + " at its end", e);
        }
    }

    private void kill(Container container) {
        Run run = container.run();
        if (run == null) {
            return;
        }
        try {
            stopping.kill(container, run);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Failed("interrupted while removing container " + container.id());
        }
    }

    private void delete(Container container) {
        LifeCycle before = container.state();
        try {
            container.files().delete();
        } catch (IOException e) {
            String text = "container " + container.id() + ": its files cannot be removed: " + e.getMessage();
            container.changing(() -> container.become(new LifeCycle.Dead(before, text), null));
            throw new Failed(text, e);
        }
        registry.remove(container);
        container.lease().close();
        container.streams().end();
        events.publish(container, "destroy");
        container.waits().removed(container.result());
    }
}
