package dev.gantry.engine.container;

import dev.gantry.engine.EngineException.NotFound;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.state.LifeCycle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/// Starts what is to run when the daemon starts: all at once, but each container after those whose namespaces it joins.
final class AutomaticStarts {
    private final Registry registry;
    private final Starting starting;

    AutomaticStarts(Registry registry, Starting starting) {
        this.registry = registry;
        this.starting = starting;
    }

    /// Begins to start containers that wait for it; returns at once.
    void begin(List<Container> waiting) {
        if (!waiting.isEmpty()) {
            Thread _ = Thread.ofVirtual().name("automatic-starts").start(() -> startAll(waiting));
        }
    }

    private void startAll(List<Container> waiting) {
        var left = new ArrayList<>(waiting);
        while (!left.isEmpty()) {
            List<Container> free = left.stream()
                    .filter(each -> joined(each).noneMatch(left::contains))
                    .toList();
            // those that wait for each other are told why they cannot start
            List<Container> next = free.isEmpty() ? List.copyOf(left) : free;
            try (var starts = Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("automatic-start-", 0).factory())) {
                for (Container each : next) {
                    starts.execute(() -> start(each));
                }
            }
            left.removeAll(next);
        }
    }

    private void start(Container container) {
        if (container.state() instanceof LifeCycle.Restarting waiting) {
            starting.restart(container, waiting, Duration.ZERO);
        }
    }

    /// The containers whose namespaces a container joins.
    private Stream<Container> joined(Container container) {
        HostConfig host = container.definition().host();
        return Stream.of(
                        host.network().networkMode(),
                        host.namespaces().pidMode(),
                        host.namespaces().ipcMode())
                .flatMap(mode -> NamespaceSource.named(mode).stream())
                .flatMap(this::find);
    }

    private Stream<Container> find(String ref) {
        try {
            return Stream.of(registry.get(ref));
        } catch (NotFound _) {
            return Stream.empty();
        }
    }
}
