package dev.gantry.bench;

import dev.gantry.e2e.DaemonUnderTest;
import dev.gantry.e2e.EngineConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What an idle container costs in memory: the proportional set size (proc(5), smaps_rollup) of every process that the
/// daemon has for it, without the user's own, and the growth of the daemon itself, divided by the number of containers.
final class IdleMemory {
    private static final Pattern PSS = Pattern.compile("^Pss:\\s+([0-9]+) kB", Pattern.MULTILINE);

    private final DaemonUnderTest daemon;
    private final int containers;

    IdleMemory(DaemonUnderTest daemon, int containers) {
        this.daemon = daemon;
        this.containers = containers;
    }

    /// @param daemonKib the daemon's growth per container
    /// @param supervisorsKib the other processes, per container
    record Result(String name, int containers, double daemonKib, double supervisorsKib) {}

    Result measure() throws IOException {
        try (EngineConnection connection = daemon.connect()) {
            // what the first containers bring into the daemon once is not theirs
            remove(connection, make(connection, 20));
            Set<Long> before = processes(Set.of());
            long daemonBefore = sum(before);
            List<String> ids = make(connection, containers);
            Set<Long> own = new HashSet<>();
            for (String id : ids) {
                own.add(EngineApi.pid(connection, id));
            }
            Set<Long> after = processes(own);
            after.removeAll(before);
            long growth = sum(before) - daemonBefore;
            long supervisors = sum(after);
            remove(connection, ids);
            return new Result(
                    daemon.kind().toString(),
                    containers,
                    (double) growth / containers,
                    (double) supervisors / containers);
        }
    }

    private List<String> make(EngineConnection connection, int count) throws IOException {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String id = EngineApi.create(connection, EngineApi.container("sleep", "10000"));
            EngineApi.start(connection, id);
            ids.add(id);
        }
        return ids;
    }

    private static void remove(EngineConnection connection, List<String> ids) throws IOException {
        for (String id : ids) {
            EngineApi.delete(connection, id);
        }
    }

    /// The daemon, its descendants, and what names one of its directories on its command line; without the
    /// containers' own.
    private Set<Long> processes(Set<Long> containersOwn) throws IOException {
        Set<Long> found = new HashSet<>();
        long pid = daemon.pid();
        found.add(pid);
        ProcessHandle.of(pid).ifPresent(handle -> handle.descendants().forEach(each -> found.add(each.pid())));
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            for (Path entry : entries.filter(
                            each -> each.getFileName().toString().matches("[0-9]+"))
                    .toList()) {
                if (commandLine(entry).contains(daemon.directory().getFileName().toString())) {
                    found.add(Long.parseLong(entry.getFileName().toString()));
                }
            }
        }
        found.removeAll(containersOwn);
        return found;
    }

    private static String commandLine(Path entry) {
        try {
            return Files.readString(entry.resolve("cmdline"));
        } catch (IOException _) {
            return ""; // it has ended
        }
    }

    private static long sum(Set<Long> pids) throws IOException {
        long sum = 0;
        for (long pid : pids) {
            try {
                Matcher pss = PSS.matcher(Files.readString(Path.of("/proc/" + pid + "/smaps_rollup")));
                sum += pss.find() ? Long.parseLong(pss.group(1)) : 0;
            } catch (NoSuchFileException _) {
                // it has ended
            }
        }
        return sum;
    }
}
