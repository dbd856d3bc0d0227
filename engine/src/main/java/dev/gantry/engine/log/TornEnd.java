package dev.gantry.engine.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/// Cuts what a write that was cut short has left at the end of a log.
final class TornEnd {
    private TornEnd() {}

    /// Cuts a last record that is not there in full.
    static void cutRecord(LogFormat format, LogFiles files) throws IOException {
        try (FileChannel file = files.openForCutting()) {
            long end = format.wholeEnd(file);
            if (end < file.size()) {
                file.truncate(end);
            }
        }
    }

    /// The last mark of a log.
    ///
    /// @param mark null when there is none
    /// @param current whether it is in the current file: unless somebody has emptied that, it is the last of all
    record Found(@Nullable JournalMark mark, boolean current) {}

    /// Cuts what follows the last record with a mark.
    static Found cutWrite(LogFormat format, LogFiles files) throws IOException {
        try (FileChannel current = files.openForCutting()) {
            LogFormat.Marked found = format.lastMark(current);
            current.truncate(found.end());
            if (found.mark() != null) {
                return new Found(found.mark(), true);
            }
        }
        // a daemon that died between renaming the old file and the new one has left no current one
        for (long number : files.numbers().reversed()) {
            try (FileChannel older = files.open(number)) {
                LogFormat.Marked found = older == null ? LogFormat.Marked.NONE : format.lastMark(older);
                if (found.mark() != null) {
                    return new Found(found.mark(), false);
                }
            }
        }
        return new Found(null, false);
    }
}
