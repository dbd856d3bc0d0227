package dev.gantry.engine.files;

import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.container.Container;
import dev.gantry.engine.root.SharedRoot;
import dev.gantry.engine.state.LifeCycle;

/// Who may use a container's files.
final class Uses {
    private Uses() {}

    /// Keeps the files on the disk, so that a removal waits; to be closed.
    static SharedRoot.Use hold(Container container) {
        return container.changing(() -> {
            requirePresent(container);
            return container.root().hold();
        });
    }

    /// Under the container's lock.
    ///
    /// @throws Conflict if its removal has begun
    static void requirePresent(Container container) {
        if (container.state() instanceof LifeCycle.Removing || container.state() instanceof LifeCycle.Dead) {
            throw new Conflict("container " + container.id() + " is marked for removal");
        }
    }
}
