package dev.gantry.runtime.program;

/// Which process of a launch executes a call.
public enum Role {
    /// The supervisor, in the host's namespaces; later waits for the container.
    SHIM,
    /// The short-lived process that joins namespaces and cgroups, and then makes the container's process.
    INTERMEDIATE,
    /// The process that becomes the user's command (or the init in front of it).
    CONTAINER,
    /// A hook, from its `clone3` to `execve`.
    HOOK,
    /// The user's command when an init runs before it: from the init's `clone3` to `execve`.
    COMMAND
}
