package dev.gantry.engine.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/// Cuts what a write that was cut short has left at the end of a log.
final class TornEnd {
    private TornEnd() {}

    /// Cuts a last record that is not there in full.
    static void cutRecord(LogFormat format, FileChannel file) throws IOException {
        long end = format.wholeEnd(file);
        if (end < file.size()) {
            file.truncate(end);
        }
    }

    /// Cuts what follows the last record with a mark.
    ///
    /// @return that mark; null when there has never been one
    static @Nullable JournalMark cutWrite(LogFormat format, LogFiles files, FileChannel current) throws IOException {
        LogFormat.Marked found = format.lastMark(current);
        current.truncate(found.end());
        // a daemon that died between renaming the old file and the new one has left no current one
        for (long number : files.numbers().reversed()) {
            if (found.mark() != null) {
                break;
            }
            try (FileChannel older = files.open(number)) {
                found = older == null ? found : format.lastMark(older);
            }
        }
        return found.mark();
    }
}
