package dev.gantry.runtime;

import dev.gantry.oci.runtime.Process;

/// A process to be executed in a running container.
///
/// @param id by which [ContainerRuntime#adopt] gives it back
/// @param process its capabilities, user, environment and rules are taken as they are
/// @param openStdin whether standard input is a pipe; else it is `/dev/null`. A terminal is always open
/// @param privileged every capability that the host has, and no AppArmor profile; the container's seccomp filter
/// stays, as in Docker
public record ExecLaunch(String id, Process process, boolean openStdin, boolean privileged) {
    /// Of which no later daemon knows what it is.
    public ExecLaunch(Process process, boolean openStdin, boolean privileged) {
        this("", process, openStdin, privileged);
    }
}
