package dev.gantry.runtime.state;

import dev.gantry.runtime.shim.Recorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Records are written to a temporary name and renamed, so that each is whole or not there.
final class RecordFile {
    private static final String UNFINISHED = ".new";

    private RecordFile() {}

    static Recorder.Unfinished prepare(Path record, byte[] content) throws IOException {
        Path unfinished = unfinished(record);
        Files.write(unfinished, content);
        return () -> Files.move(unfinished, record, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Where a record is before it counts.
    static Path unfinished(Path record) {
        return record.resolveSibling(record.getFileName() + UNFINISHED);
    }

    static boolean isUnfinished(Path file) {
        return file.getFileName().toString().endsWith(UNFINISHED);
    }
}
