package dev.gantry.engine.container;

import dev.gantry.engine.EngineException.Conflict;
import java.util.Optional;
import java.util.function.Function;

/// A running container whose namespaces another one joins: `--pid`, `--ipc` and `--network container:<name>`.
///
/// @param kind as errors name it
record NamespaceSource(String kind, Container container, int pid) {
    private static final String PREFIX = "container:";

    /// The container that a mode names; empty if the mode is another one.
    ///
    /// @throws Conflict if it does not run
    static Optional<NamespaceSource> find(String kind, String mode, Function<String, Container> containers) {
        return named(mode).map(name -> of(kind, containers.apply(name)));
    }

    private static NamespaceSource of(String kind, Container other) {
        Run run = other.run();
        if (run == null) {
            throw new Conflict("cannot join " + kind + " of a non running container: " + other.id());
        }
        return new NamespaceSource(kind, other, run.process().pid());
    }

    /// What a mode calls the container; empty if it is another one.
    static Optional<String> named(String mode) {
        return mode.startsWith(PREFIX) ? Optional.of(mode.substring(PREFIX.length())) : Optional.empty();
    }

    /// Its directory in procfs.
    String process() {
        return "/proc/" + pid;
    }

    /// The file of a namespace.
    String file(String type) {
        return process() + "/ns/" + type;
    }

    /// This, if it lets others into its IPC namespace.
    ///
    /// @throws Conflict with Docker's text
    NamespaceSource shareable() {
        String mode = container.definition().host().namespaces().ipcMode();
        if (mode.equals("private") || mode.equals("none")) {
            throw new Conflict("can't join IPC of container " + container.id()
                    + ": non-shareable IPC (hint: use IpcMode:shareable for the donor container)");
        }
        return this;
    }
}
