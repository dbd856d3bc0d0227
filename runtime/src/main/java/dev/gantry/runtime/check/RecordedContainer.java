package dev.gantry.runtime.check;

import dev.gantry.runtime.shim.ShimRecord;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the state root has of a container.
///
/// @param record where its main process is recorded
/// @param main its supervisor; null if there is no record of this boot that can be read
/// @param execs what was executed in it
/// @param unfinished records that do not count yet
/// @param broken files that are not whole
public record RecordedContainer(
        Path directory,
        Path record,
        @Nullable ShimRecord main,
        List<Exec> execs,
        List<Path> unfinished,
        List<Path> broken) {
    public RecordedContainer {
        execs = List.copyOf(execs);
        unfinished = List.copyOf(unfinished);
        broken = List.copyOf(broken);
    }

    /// A process that was executed in the container.
    public record Exec(String id, Path file, ShimRecord shim) {}
}
