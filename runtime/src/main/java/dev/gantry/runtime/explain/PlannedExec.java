package dev.gantry.runtime.explain;

import dev.gantry.oci.runtime.Process;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/// A process as it would be executed in a running container.
///
/// @param container the container's ID
/// @param main its main process, as the host numbers it
/// @param openStdin whether standard input is a pipe; else it is `/dev/null`. A terminal is always open
/// @param statusFile where its end would be recorded
/// @param origins why an item of the process is there, by its name
public record PlannedExec(
        String container,
        int main,
        Process process,
        boolean openStdin,
        Path statusFile,
        UnaryOperator<String> origins) {}
