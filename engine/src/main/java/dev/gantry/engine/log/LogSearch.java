package dev.gantry.engine.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.List;

/// Finds where to begin reading without reading what comes before: backwards for a tail, from file to file and within
/// one for a time.
final class LogSearch {
    private final LogFiles files;
    private final LogFormat format;
    private final LogFiles.Position end;

    /// @param end what is behind it is not looked at
    LogSearch(LogFiles files, LogFormat format, LogFiles.Position end) {
        this.format = format;
        this.files = files;
        this.end = end;
    }

    /// The beginning of the last so many records.
    LogFiles.Position tail(int records) throws IOException {
        List<Long> numbers = numbers();
        if (numbers.isEmpty()) {
            return end;
        }
        long missing = records;
        for (long number : numbers.reversed()) {
            try (FileChannel channel = files.open(number)) {
                if (channel == null) {
                    continue;
                }
                long size = size(number, channel);
                LogFormat.Backwards found = format.backwards(channel, size, missing);
                if (found.missing() == 0) {
                    return new LogFiles.Position(number, found.offset());
                }
                missing = found.missing();
            }
        }
        return new LogFiles.Position(numbers.getFirst(), 0);
    }

    /// The first record at or after a time, or at most a few before it.
    LogFiles.Position since(Instant since) throws IOException {
        LogFiles.Position position = new LogFiles.Position(0, 0);
        for (long number : numbers()) {
            try (FileChannel channel = files.open(number)) {
                if (channel == null) {
                    continue;
                }
                long size = size(number, channel);
                long offset = format.since(channel, size, since);
                position = new LogFiles.Position(number, offset);
                if (offset < size) {
                    return position;
                }
            }
        }
        return position;
    }

    private List<Long> numbers() {
        return files.numbers().stream().filter(number -> number <= end.number()).toList();
    }

    private long size(long number, FileChannel channel) throws IOException {
        return number == end.number() ? Math.min(end.offset(), channel.size()) : channel.size();
    }
}
