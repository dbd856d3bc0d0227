package dev.gantry.runtime.state;

import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.runtime.shim.Recorder;
import dev.gantry.runtime.shim.ShimRecord;
import dev.gantry.runtime.shim.StatusFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The records of what is executed in one container, in its state directory.
public final class ExecRecords {
    private static final System.Logger LOGGER = System.getLogger(ExecRecords.class.getName());
    private static final String EXEC = "exec-";
    private static final String RECORD = ".exec";

    private final Path directory;
    private final AtomicInteger last = new AtomicInteger();

    ExecRecords(Path directory) {
        this.directory = directory;
    }

    /// A process that has been executed in the container, or is about to be: its shim knows.
    ///
    /// @param id as whoever executed it calls it
    public record Executed(String id, ShimRecord shim) {
        public Executed {
            // a file that is JSON need not be a record
            if (id == null || shim == null) {
                throw new IllegalArgumentException("want id and shim");
            }
        }

        private Executed watching(int pid) {
            return new Executed(id, shim.watching(pid));
        }
    }

    /// Where an exec's record and status are.
    public record Place(Path record, Path status) {
        /// Unique in the container.
        public String name() {
            return status.getFileName().toString();
        }

        public StatusFile statusFile() {
            return statusFile(List.of());
        }

        /// The status, with what goes when the exec is drained.
        ///
        /// @param others what goes with the record
        public StatusFile statusFile(List<Path> others) {
            // a status without a record is nobody's, and the other way round it would be an exec that has no end
            List<Path> removed = new ArrayList<>(List.of(RecordFile.unfinished(record), record, status));
            removed.addAll(others);
            return new StatusFile(status, removed);
        }
    }

    /// An exec that an earlier daemon has recorded.
    public record Found(Executed executed, Place place) {}

    public Place next() {
        return place(EXEC + last.incrementAndGet());
    }

    /// What [#next] would give.
    public Place following() {
        return place(EXEC + (last.get() + 1));
    }

    private Place place(String name) {
        return new Place(directory.resolve(name + RECORD), directory.resolve(name));
    }

    public Recorder.Unfinished prepare(Place place, Executed exec) throws IOException {
        return RecordFile.prepare(place.record(), Json.write(exec));
    }

    /// Removes a record, with the status beside it.
    public void remove(Path record) throws IOException {
        Files.deleteIfExists(record);
        if (isRecord(record)) {
            Files.deleteIfExists(place(stem(record)).status());
        }
    }

    /// The execs that were made to the end. What is left of others is removed, but not their processes, and so are
    /// records that are damaged; later execs get other files.
    public List<Found> settle() throws IOException {
        List<Found> found = new ArrayList<>();
        for (Path each : files()) {
            if (isRecord(each)) {
                try {
                    int number = Integer.parseInt(stem(each).substring(EXEC.length()));
                    last.accumulateAndGet(number, Math::max);
                    found.add(new Found(read(each), place(stem(each))));
                } catch (MalformedException | NumberFormatException e) {
                    LOGGER.log(System.Logger.Level.WARNING, "damaged record of an exec, which is ended: " + each, e);
                    Files.deleteIfExists(each);
                }
            }
        }
        List<Path> known = found.stream().map(each -> each.place().status()).toList();
        for (Path each : files()) {
            if (each.getFileName().toString().startsWith(EXEC) && !isRecord(each) && !known.contains(each)) {
                Files.deleteIfExists(each);
            }
        }
        return found;
    }

    /// The names of the execs that are recorded: see [Place#name].
    public Set<String> names() throws IOException {
        return files().stream()
                .filter(ExecRecords::isRecord)
                .map(ExecRecords::stem)
                .collect(Collectors.toSet());
    }

    static boolean isRecord(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(EXEC) && name.endsWith(RECORD);
    }

    static Executed read(Path record) throws IOException {
        return RecordFile.read(record, Executed.class, Executed::watching);
    }

    private static String stem(Path record) {
        String name = record.getFileName().toString();
        return name.substring(0, name.length() - RECORD.length());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.toList();
        }
    }
}
