package dev.gantry.runtime;

import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.explain.Origins;
import dev.gantry.runtime.external.RuntimeProgram;
import org.jspecify.annotations.Nullable;

/// A container to be started.
///
/// @param id names its state directory and cgroups: letters, digits, `_`, `+`, `.` and `-`
/// @param root from [ContainerRuntime#mount]
/// @param openStdin whether standard input is a pipe; else it is `/dev/null`. A terminal is always open
/// @param init whether process 1 is an init that reaps zombies and forwards signals
/// @param runtime another runtime that is to make the container; null is this one
public record ContainerLaunch(
        String id,
        Spec spec,
        SafeDirectory root,
        boolean openStdin,
        boolean init,
        Origins origins,
        @Nullable RuntimeProgram runtime) {
    public ContainerLaunch {
        checkId(id);
    }

    /// A container of this runtime.
    public ContainerLaunch(String id, Spec spec, SafeDirectory root, boolean openStdin, boolean init, Origins origins) {
        this(id, spec, root, openStdin, init, origins, null);
    }

    /// Whether it may name a container: what every OCI runtime takes, as long as a file name may be.
    public static boolean isId(String id) {
        return id.matches("[A-Za-z0-9_+.-]{1,255}") && !id.equals(".") && !id.equals("..");
    }

    static void checkId(String id) {
        if (!isId(id)) {
            throw new IllegalArgumentException("invalid container ID \"" + id + "\"");
        }
    }
}
