package dev.gantry.engine.container;

import dev.gantry.engine.EngineException.NotFound;
import dev.gantry.oci.Digest;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Every container that there is.
public final class Registry {
    private final ContainerNames names;
    private final Map<String, Container> containers = new ConcurrentHashMap<>();

    Registry(ContainerNames names) {
        this.names = names;
    }

    void add(Container container) {
        containers.put(container.id(), container);
    }

    void remove(Container container) {
        containers.remove(container.id());
        names.release(container.id(), container.definition().name());
    }

    /// The container that a name, an ID or the beginning of one means.
    ///
    /// @throws NotFound when there is none
    public Container get(String ref) {
        Container found = containers.get(names.find(ref));
        if (found == null) {
            throw new NotFound("No such container: " + ref);
        }
        return found;
    }

    /// The container of that ID.
    public Optional<Container> find(String id) {
        return Optional.ofNullable(containers.get(id));
    }

    /// All of them, newest first.
    public List<Container> newestFirst() {
        return containers.values().stream()
                .sorted(Comparator.comparing(
                                (Container each) -> each.definition().created())
                        .reversed()
                        .thenComparing(Container::id))
                .toList();
    }

    /// Those that were made of an image.
    public List<Container> of(Digest image) {
        return newestFirst().stream()
                .filter(each -> each.definition().image().equals(image))
                .toList();
    }
}
