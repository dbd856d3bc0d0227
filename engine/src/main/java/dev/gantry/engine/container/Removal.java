package dev.gantry.engine.container;

import dev.gantry.engine.EngineException;
import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.refusal.UnsupportedFeature;
import dev.gantry.engine.request.RemoveOptions;
import dev.gantry.engine.state.LifeCycle;
import dev.gantry.engine.volume.ContainerVolumes;
import java.io.IOException;
import java.lang.System.Logger.Level;

/// Takes containers away with everything that belongs to them.
final class Removal {
    private static final System.Logger LOGGER = System.getLogger(Removal.class.getName());

    private final Registry registry;
    private final Stopping stopping;
    private final LifeEvents events;
    private final ContainerVolumes volumes;
    private final Runnable beforeVolumes;

    /// @param beforeVolumes refuses to remove volumes while it is not known whether somebody uses them
    Removal(Registry registry, Stopping stopping, LifeEvents events, ContainerVolumes volumes, Runnable beforeVolumes) {
        this.registry = registry;
        this.stopping = stopping;
        this.events = events;
        this.volumes = volumes;
        this.beforeVolumes = beforeVolumes;
    }

    /// Removes a container; it is gone when this returns, also for a later engine.
    void remove(Container container, RemoveOptions options) {
        takeAway(container, options);
        try {
            container.files().syncDeletion();
        } catch (IOException e) {
            throw new Failed("container " + container.id() + ": " + e.getMessage(), e);
        }
    }

    private void takeAway(Container container, RemoveOptions options) {
        if (options.link()) {
            throw UnsupportedFeature.LINKS.refused();
        }
        do {
            if (options.force()) {
                kill(container);
            }
            container.awaitCleanUp();
        } while (!container.changing(() -> begin(container, options.force())));
        container.root().awaitUnused();
        delete(container, options.volumes());
    }

    /// Begins the removal in memory: on the disk it begins with the first file that goes. Under the lock.
    ///
    /// @return false if there is a run that has to be over first
    private static boolean begin(Container container, boolean force) {
        if (force && container.state().isRunning()) {
            return false; // started again since it was killed
        }
        LifeCycle removing = container.state().remove(container.id());
        boolean over = container.isCleanedUp();
        if (over) {
            container.set(removing, null);
        }
        return over;
    }

    /// Removes a container whose run is over, and the volumes that nobody has named; somebody else may be doing so
    /// already. After a power cut it may have to be done again, as [Recovery] does.
    void removeAfterExit(Container container) {
        try {
            takeAway(container, RemoveOptions.WITH_VOLUMES);
        } catch (Conflict e) {
            LOGGER.log(Level.DEBUG, "removal of container {0} at its end: {1}", container.id(), e.getMessage());
        } catch (EngineException e) {
            LOGGER.log(Level.ERROR, "removal of container " + container.id() + " at its end", e);
        }
    }

    private void kill(Container container) {
        if (container.stoppedByUser()) {
            return;
        }
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

    private void delete(Container container, boolean volumesToo) {
        boolean withVolumes = volumesToo && container.definition().hasAnonymousVolumes() && mayRemoveVolumes(container);
        LifeCycle before = container.state();
        container.discardKept();
        try {
            if (withVolumes) {
                container.files().retract();
                volumes.release(container.id(), container.definition().mounts(), true);
            }
            container.files().delete();
        } catch (IOException e) {
            String text = "container " + container.id() + ": its files cannot be removed: " + e.getMessage();
            container.changing(() -> {
                container.become(new LifeCycle.Dead(before, text), null);
                container.waits().removed(container.result());
            });
            throw new Failed(text, e);
        }
        volumes.release(container.id(), container.definition().mounts(), withVolumes);
        registry.remove(container);
        container.lease().close();
        container.streams().close();
        events.publish(container, "destroy");
        container.waits().removed(container.result());
    }

    private boolean mayRemoveVolumes(Container container) {
        try {
            beforeVolumes.run();
            return true;
        } catch (EngineException e) {
            LOGGER.log(Level.WARNING, "volumes of container " + container.id() + " stay: " + e.getMessage());
            return false;
        }
    }
}
