package dev.gantry.runtime;

import dev.gantry.oci.runtime.Rlimit;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What is the same for all containers of a runtime.
///
/// @param stateRoot where run-time state lives, one directory per container; created with mode 0711 when absent
/// @param cgroupParent the cgroup below which containers live, such as `/gantry`
/// @param openFiles the limit of open files from before the JVM raised its own, which containers inherit; null is the
/// JVM's own
/// @param warnings told once of each thing that this host does not support and that was therefore left out
public record RuntimeOptions(
        Path stateRoot, String cgroupParent, @Nullable Rlimit openFiles, Consumer<String> warnings) {
    public static final String DEFAULT_CGROUP_PARENT = "/gantry";

    public RuntimeOptions(Path stateRoot) {
        this(
                stateRoot,
                DEFAULT_CGROUP_PARENT,
                null,
                warning -> System.getLogger("dev.gantry.runtime").log(System.Logger.Level.WARNING, warning));
    }
}
