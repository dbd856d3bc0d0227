package dev.gantry.engine.container;

import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.EngineException.NotFound;
import dev.gantry.oci.Digest;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Every container that there is.
public final class Registry {
    private static final System.Logger LOGGER = System.getLogger(Registry.class.getName());

    private final ContainerNames names;
    private final Map<String, Container> containers = new ConcurrentHashMap<>();

    Registry(ContainerNames names) {
        this.names = names;
    }

    /// Adds a container that was there before: under another name, where its own belongs to somebody else.
    void admit(Container container) {
        String name = container.definition().name();
        try {
            String _ = names.take(name, container.id());
        } catch (Conflict _) {
            String other = names.takeAny(container.id());
            LOGGER.log(Level.WARNING, "container {0} is {1} now: {2} is another one", container.id(), other, name);
            container.changing(() -> container.rename(other));
        }
        add(container);
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
