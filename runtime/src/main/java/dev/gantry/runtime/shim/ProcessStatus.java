package dev.gantry.runtime.shim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// What `/proc/<pid>/stat` says of a process; proc_pid_stat(5).
///
/// @param state a letter; `Z` is one that has ended and is not waited for yet
/// @param parent its parent's number
/// @param startTime in clock ticks after the boot: with the number it tells a process from all others of this
/// boot
public record ProcessStatus(char state, int parent, long startTime) {
    private static final String NUMBERS = "NSpid:";
    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int START_TIME = 19;

    /// Empty if there is no such process.
    public static Optional<ProcessStatus> of(int pid) throws IOException {
        String stat;
        try {
            stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            if (Files.exists(Path.of("/proc/" + pid))) {
                throw e;
            }
            return Optional.empty(); // it ended while it was read: ESRCH
        }
        return Optional.of(parse(stat));
    }

    /// From `pid (name) state ppid …`, where the name may be anything.
    static ProcessStatus parse(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", START_TIME + 2);
        return new ProcessStatus(
                fields[STATE].charAt(0), Integer.parseInt(fields[PARENT]), Long.parseLong(fields[START_TIME]));
    }

    /// The number that a process's children know it by; 0 if they are in another PID namespace than it.
    public static int numberForChildren(int pid) throws IOException {
        Path process = Path.of("/proc", Integer.toString(pid));
        Path own = Files.readSymbolicLink(process.resolve("ns/pid"));
        if (!Files.readSymbolicLink(process.resolve("ns/pid_for_children")).equals(own)) {
            return 0;
        }
        // from the reader's namespace to the process's own
        String numbers = Files.readAllLines(process.resolve("status")).stream()
                .filter(line -> line.startsWith(NUMBERS))
                .findFirst()
                .orElseThrow(() -> new IOException(process + "/status has no line " + NUMBERS));
        return Integer.parseInt(numbers.substring(numbers.lastIndexOf('\t') + 1));
    }

    /// Whether it runs, or waits for a processor.
    boolean isRunnable() {
        return state == 'R';
    }

    public boolean isZombie() {
        return state == 'Z' || state == 'X';
    }
}
