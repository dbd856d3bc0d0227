package dev.gantry.runtime.explain;

import dev.gantry.oci.runtime.Spec;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// A container as it would be started.
///
/// @param id names its state directory and cgroups: letters, digits, `_`, `.` and `-`
/// @param openStdin whether standard input is a pipe; else it is `/dev/null`. A terminal is always open
/// @param init whether process 1 is an init that reaps zombies and forwards signals
/// @param origins why an item of the spec is there, by its name; see [Origins#of]
/// @param isDirectory whether the source of a bind mount is a directory, or will be when the container is started
public record PlannedLaunch(
        String id,
        Spec spec,
        boolean openStdin,
        boolean init,
        UnaryOperator<String> origins,
        Predicate<Path> isDirectory) {}
