package dev.gantry.engine.log;

import dev.gantry.engine.LogReader;
import dev.gantry.engine.OutputSink;
import dev.gantry.engine.StreamType;
import dev.gantry.engine.request.LogOptions;
import dev.gantry.engine.time.Timestamps;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One reading of a log.
final class FileLogReader implements LogReader {
    private static final LogFiles.Position NOWHERE = new LogFiles.Position(Long.MAX_VALUE, Long.MAX_VALUE);
    /// The end may be further away than nanoseconds can count; whoever waits looks around and waits again.
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final LogFiles files;
    private final LogFormat format;
    private final LogOptions options;
    private final boolean terminal;
    private final LogFiles.Position stop;
    private LogFiles.Cut cut;
    private volatile boolean closed;

    FileLogReader(LogFiles files, LogFormat format, LogOptions options, boolean terminal) {
        this.files = files;
        this.format = format;
        this.options = options;
        this.terminal = terminal;
        this.stop = options.follow() ? NOWHERE : files.end();
        this.cut = files.cut();
    }

    @Override
    public boolean terminal() {
        return terminal;
    }

    @Override
    public void copyTo(OutputSink sink) throws IOException {
        cut = files.cut();
        LogFiles.Position begin = begin(options.follow() ? files.end() : stop);
        long number = begin.number();
        long offset = begin.offset();
        boolean more = true;
        while (more && !closed) {
            more = copyFile(number, offset, sink);
            Long next = more && number < stop.number() ? files.next(number) : null;
            if (next == null) {
                return;
            }
            long lost = Math.min(next - 1, stop.number()) - number;
            if (lost > 0) {
                notice(sink, lost);
            }
            if (next > stop.number()) {
                return;
            }
            number = next;
            offset = 0;
        }
    }

    private LogFiles.Position begin(LogFiles.Position end) throws IOException {
        var search = new LogSearch(files, format, end);
        if (options.tail() >= 0) {
            return search.tail(options.tail());
        } else if (options.since() != null) {
            return search.since(options.since());
        }
        var numbers = files.numbers();
        return new LogFiles.Position(numbers.isEmpty() ? 0 : numbers.getFirst(), 0);
    }

    /// Copies the rest of a file; false when nothing after it is wanted.
    private boolean copyFile(long number, long offset, OutputSink sink) throws IOException {
        FileChannel channel = files.open(number);
        if (channel == null) {
            return true;
        }
        try (RecordCursor cursor = format.cursor(channel, offset)) {
            while (!closed) {
                // asked before reading: what is written after the last read is not missed
                boolean live = files.isLive();
                long mark = files.mark();
                LogFiles.Position end = options.follow() ? files.end() : stop;
                boolean last = number >= end.number();
                followCut(number, cursor);
                cursor.limit(last ? end.offset() : Long.MAX_VALUE);
                if (!drain(cursor, sink)) {
                    return false;
                }
                if (!last || !options.follow() || !live || expired()) {
                    return true;
                }
                await(mark);
            }
        }
        return false;
    }

    /// Goes back to where the file goes on, should somebody have emptied it.
    private void followCut(long number, RecordCursor cursor) {
        LogFiles.Cut now = files.cut();
        if (now.count() > cut.count() && now.number() == number && now.offset() < cursor.offset()) {
            cursor.restart(now.offset());
        }
        cut = now;
    }

    /// Copies what is there; false when a record after `until` was met.
    private boolean drain(RecordCursor cursor, OutputSink sink) throws IOException {
        for (LogRecord next = cursor.next(); next != null && !closed; next = cursor.next()) {
            if (options.until() != null && next.time().isAfter(options.until())) {
                sink.flush();
                return false;
            }
            if (wanted(next)) {
                byte[] line = line(next);
                sink.write(next.stream(), line, 0, line.length);
            }
        }
        sink.flush();
        return true;
    }

    private boolean wanted(LogRecord line) {
        boolean stream = switch (line.stream()) {
            case STDOUT -> options.stdout();
            case STDERR -> options.stderr();
        };
        return stream && (options.since() == null || !line.time().isBefore(options.since()));
    }

    private byte[] line(LogRecord line) {
        byte[] text = line.text();
        if (!options.details() && !options.timestamps()) {
            return text;
        }
        String before = options.timestamps() ? Timestamps.fixed(line.time()) + " " : "";
        if (options.details()) {
            before += details(line.attributes()) + " ";
        }
        byte[] head = before.getBytes(StandardCharsets.UTF_8);
        byte[] whole = Arrays.copyOf(head, head.length + text.length);
        System.arraycopy(text, 0, whole, head.length, text.length);
        return whole;
    }

    private static String details(Map<String, String> attributes) {
        return new TreeMap<>(attributes)
                .entrySet().stream()
                        .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
                        .collect(Collectors.joining(","));
    }

    /// As Go's `url.QueryEscape` does it.
    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("%7E", "~")
                .replace("*", "%2A");
    }

    private static void notice(OutputSink sink, long lost) throws IOException {
        byte[] text = "gantry: %d log files were rotated away before this reader came to them%n"
                .formatted(lost)
                .getBytes(StandardCharsets.UTF_8);
        sink.write(StreamType.STDERR, text, 0, text.length);
    }

    private boolean expired() {
        Instant until = options.until();
        return until != null && !Instant.now().isBefore(until);
    }

    private void await(long mark) throws IOException {
        try {
            files.awaitChange(mark, longestWait().toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("reading the log was interrupted").initCause(e);
        }
    }

    private Duration longestWait() {
        @Nullable Instant until = options.until();
        Duration left = until == null ? LONGEST_WAIT : Duration.between(Instant.now(), until);
        return left.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : left;
    }

    @Override
    public void close() {
        closed = true;
        files.wake();
    }
}
