package dev.gantry.runtime.state;

import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.runtime.shim.Recorder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/// Records are written to a temporary name and renamed, so that each is whole or not there.
///
/// A record is a JSON document on the first line. What is written ahead of a process has the process ID on the second.
final class RecordFile {
    private static final String UNFINISHED = ".new";

    private RecordFile() {}

    /// A record that waits for its process.
    private record Ahead(Path record, OutputStream out) implements Recorder.Unfinished {
        @Override
        public void complete(int pid) throws IOException {
            out.write(("\n" + pid).getBytes(StandardCharsets.US_ASCII));
            out.close();
            count(record);
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    /// What a record says of the process that is known only once the rest is written.
    interface Watching<T> {
        T with(T document, int pid);
    }

    static void write(Path record, byte[] document) throws IOException {
        Files.write(unfinished(record), document);
        count(record);
    }

    /// Writes all but the process ID.
    static Recorder.Unfinished prepare(Path record, byte[] document) throws IOException {
        OutputStream out = Files.newOutputStream(unfinished(record));
        Ahead ahead = new Ahead(record, out);
        boolean written = false;
        try {
            out.write(document);
            written = true;
            return ahead;
        } finally {
            if (!written) {
                ahead.close();
            }
        }
    }

    private static void count(Path record) throws IOException {
        Files.move(unfinished(record), record, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Reads what was written ahead of a process; daemons that did not know its ID last have left one line.
    ///
    /// @throws MalformedException if the file is no record
    static <T> T read(Path record, Class<T> type, Watching<T> watching) throws IOException {
        byte[] content = Files.readAllBytes(record);
        int end = 0;
        while (end < content.length && content[end] != '\n') {
            end++;
        }
        T document = Json.read(Arrays.copyOf(content, end), type);
        if (end == content.length) {
            return document;
        }
        String pid = new String(content, end + 1, content.length - end - 1, StandardCharsets.US_ASCII);
        try {
            return watching.with(document, Integer.parseInt(pid));
        } catch (NumberFormatException e) {
            throw new MalformedException("second line: got `" + pid + "`, want a process ID", e);
        }
    }

    /// Where a record is before it counts.
    static Path unfinished(Path record) {
        return record.resolveSibling(record.getFileName() + UNFINISHED);
    }

    static boolean isUnfinished(Path file) {
        return file.getFileName().toString().endsWith(UNFINISHED);
    }
}
