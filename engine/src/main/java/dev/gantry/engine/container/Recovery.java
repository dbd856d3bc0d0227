package dev.gantry.engine.container;

import dev.gantry.engine.EngineException;
import dev.gantry.runtime.ContainerRuntime;
import dev.gantry.store.Lease;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Settles what an earlier daemon left: containers are read again, what half exists is removed, what still runs is
/// ended.
final class Recovery {
    private static final System.Logger LOGGER = System.getLogger(Recovery.class.getName());

    private final ContainerRoots roots;
    private final ContainerRuntime runtime;
    private final ImageLeases images;

    Recovery(ContainerRoots roots, ContainerRuntime runtime, ImageLeases images) {
        this.roots = roots;
        this.runtime = runtime;
        this.images = images;
    }

    /// The containers that are there now.
    List<Container> run() throws IOException {
        Set<String> running = new HashSet<>(runtime.leftovers());
        for (String id : running) {
            LOGGER.log(Level.WARNING, "container {0} was left running by an earlier daemon and is ended", id);
            runtime.discard(id);
        }
        var containers = new ArrayList<Container>();
        for (Path each : directories()) {
            try {
                read(roots.of(each.getFileName().toString()), containers);
            } catch (IOException | EngineException e) {
                LOGGER.log(Level.ERROR, "container in " + each + " is left alone, for it cannot be read", e);
            }
        }
        return containers;
    }

    private List<Path> directories() throws IOException {
        try (Stream<Path> all = Files.list(roots.durable())) {
            return all.toList();
        }
    }

    private void read(ContainerFiles files, List<Container> to) throws IOException {
        if (!files.isComplete()) {
            // its creation was not acknowledged
            files.delete();
            return;
        }
        Definition definition = files.definition();
        StateRecord record = files.state();
        LifeCycle state = record.settled(Instant.now());
        boolean ended = record.wasAlive();
        if (state instanceof LifeCycle.Dead || (ended && definition.host().autoRemove())) {
            files.delete();
            return;
        }
        Lease lease = images.take(definition.image());
        if (ended) {
            files.write(state);
        }
        to.add(new Container(definition, state, files, lease));
    }
}
