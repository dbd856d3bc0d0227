package dev.gantry.bench;

import dev.gantry.e2e.DaemonUnderTest;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What was measured, as tables on a stream and as JSON.
final class Report {
    private final PrintStream out;
    private final List<String> races = new ArrayList<>();

    Report(PrintStream out) {
        this.out = out;
    }

    /// The machine, without which no number means anything.
    static String machine() throws IOException {
        String model = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
        return "%s, %d cores, Linux %s, Java %s"
                .formatted(
                        model,
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("os.version"),
                        Runtime.version());
    }

    /// Prints a table; ratios are to the first row's median.
    void add(String title, List<Samples> samples) {
        int width = Math.max(
                28, samples.stream().mapToInt(row -> row.name().length()).max().orElse(0));
        out.printf(
                Locale.ROOT,
                "%n%s%n%-" + width + "s %9s %9s %9s %7s %5s%n",
                title,
                "",
                "p50 ms",
                "p90 ms",
                "min ms",
                "ratio",
                "n");
        List<String> rows = new ArrayList<>();
        for (Samples row : samples) {
            double ratio = row.median() / samples.getFirst().median();
            out.printf(
                    Locale.ROOT,
                    "%-" + width + "s %9.2f %9.2f %9.2f %6.1fx %5d%n",
                    row.name(),
                    row.median(),
                    row.percentile(90),
                    row.percentile(0),
                    ratio,
                    row.nanoseconds().size());
            rows.add("{\"name\":\"%s\",\"p50_ms\":%s,\"p90_ms\":%s,\"min_ms\":%s,\"ns\":%s}"
                    .formatted(row.name(), row.median(), row.percentile(90), row.percentile(0), row.nanoseconds()));
        }
        races.add("{\"title\":\"%s\",\"rows\":[%s]}".formatted(title, String.join(",", rows)));
    }

    /// Prints what an idle container costs.
    void add(IdleMemory.Result idle) {
        double sum = idle.daemonKib() + idle.supervisorsKib();
        out.printf(
                Locale.ROOT,
                "%nmemory per idle container (PSS)%n%-28s %9.1f KiB = %.1f of the daemon + %.1f of other processes, n = %d%n",
                idle.name(),
                sum,
                idle.daemonKib(),
                idle.supervisorsKib(),
                idle.containers());
        races.add("{\"title\":\"idle\",\"name\":\"%s\",\"daemon_kib\":%s,\"supervisors_kib\":%s,\"n\":%d}"
                .formatted(idle.name(), idle.daemonKib(), idle.supervisorsKib(), idle.containers()));
    }

    /// Prints the most memory that a daemon had resident since it was started (`VmHWM`, proc_pid_status(5)).
    void add(DaemonUnderTest daemon) throws IOException {
        Path status = Path.of("/proc", Long.toString(daemon.pid()), "status");
        String peak = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .map(line -> line.replaceAll("\\D", ""))
                .findFirst()
                .orElseThrow();
        double mib = Long.parseLong(peak) / 1024.0;
        out.printf(Locale.ROOT, "%s: at most %.0f MiB resident so far%n", daemon.kind(), mib);
        races.add("{\"title\":\"peak\",\"name\":\"%s\",\"mib\":%s}".formatted(daemon.kind(), mib));
    }

    /// Says why somebody does not take part.
    void skip(String name, String reason) {
        out.printf("skipped: %s: %s%n", name, reason);
        races.add("{\"skipped\":\"%s\",\"reason\":\"%s\"}"
                .formatted(name, reason.replace("\\", "").replace("\"", "'")));
    }

    void write(Path file) throws IOException {
        Files.writeString(
                file, "{\"machine\":\"%s\",\"results\":[%s]}%n".formatted(machine(), String.join(",", races)));
    }
}
