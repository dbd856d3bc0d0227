package dev.gantry.engine.spec;

import dev.gantry.oci.MalformedException;
import dev.gantry.oci.runtime.Seccomp;
import java.util.Set;

/// Where system-call filters come from: the runtime, which knows the kernel and the architecture.
public interface SeccompSource {
    /// The filter of containers that ask for none.
    Seccomp defaults(Set<String> capabilities);

    /// The filter that a profile in Docker's format gives.
    ///
    /// @throws MalformedException if the text is no profile
    Seccomp of(String profile, Set<String> capabilities) throws MalformedException;
}
