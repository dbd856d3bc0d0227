package dev.gantry.runtime.limit;

import dev.gantry.oci.runtime.Rlimit;
import dev.gantry.runtime.launch.ProcessPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What this host can give of the limits and the OOM score that a process asks for: without CAP_SYS_RESOURCE no hard
/// limit can be raised, and no score lowered. What cannot be given is cut down, and said once.
public final class HostLimits {
    /// In the order of their numbers on x86-64 and aarch64, `asm-generic/resource.h`, and of the lines of
    /// `/proc/self/limits`.
    private static final List<String> NAMES = List.of(
            "RLIMIT_CPU",
            "RLIMIT_FSIZE",
            "RLIMIT_DATA",
            "RLIMIT_STACK",
            "RLIMIT_CORE",
            "RLIMIT_RSS",
            "RLIMIT_NPROC",
            "RLIMIT_NOFILE",
            "RLIMIT_MEMLOCK",
            "RLIMIT_AS",
            "RLIMIT_LOCKS",
            "RLIMIT_SIGPENDING",
            "RLIMIT_MSGQUEUE",
            "RLIMIT_NICE",
            "RLIMIT_RTPRIO",
            "RLIMIT_RTTIME");

    private static final String OPEN_FILES = "RLIMIT_NOFILE";

    private final boolean mayRaise;
    private final List<Long> hard;
    private final int score;
    private final @Nullable Rlimit openFiles;
    private final Consumer<String> warnings;

    /// @param hard the hard limits of this process as unsigned numbers, by their number
    /// @param score the OOM score adjustment of this process
    HostLimits(boolean mayRaise, List<Long> hard, int score, @Nullable Rlimit openFiles, Consumer<String> warnings) {
        this.mayRaise = mayRaise;
        this.hard = List.copyOf(hard);
        this.score = score;
        this.openFiles = openFiles;
        this.warnings = warnings;
    }

    /// Reads /proc.
    ///
    /// @param mayRaise whether this process has CAP_SYS_RESOURCE
    /// @param openFiles what a process has that asks for nothing, for the JVM has raised its own; null is the JVM's
    public static HostLimits read(boolean mayRaise, @Nullable Rlimit openFiles, Consumer<String> warnings)
            throws IOException {
        return new HostLimits(
                mayRaise,
                parse(Files.readAllLines(Path.of("/proc/self/limits"))),
                Integer.parseInt(
                        Files.readString(Path.of("/proc/self/oom_score_adj")).strip()),
                openFiles,
                warnings);
    }

    /// The third column, after a line of titles: `Max open files  1024  524288  files`.
    static List<Long> parse(List<String> table) throws IOException {
        List<Long> hard = new ArrayList<>();
        for (String line : table.subList(Math.min(1, table.size()), table.size())) {
            String[] columns = line.split(" {2,}", -1);
            if (columns.length < 3) {
                throw new IOException("/proc/self/limits: line \"" + line + "\" has no hard limit");
            }
            hard.add(columns[2].equals("unlimited") ? Rlimit.INFINITY : Long.parseUnsignedLong(columns[2]));
        }
        if (hard.size() < NAMES.size()) {
            throw new IOException("/proc/self/limits: got " + hard.size() + " limits, want " + NAMES.size());
        }
        return hard;
    }

    public List<ProcessPlan.Limit> limits(List<Rlimit> wanted) {
        List<ProcessPlan.Limit> result = new ArrayList<>();
        if (openFiles != null && wanted.stream().noneMatch(each -> each.type().equals(OPEN_FILES))) {
            result.add(limit(openFiles));
        }
        for (Rlimit each : wanted) {
            result.add(limit(each));
        }
        return result;
    }

    private ProcessPlan.Limit limit(Rlimit wanted) {
        int number = NAMES.indexOf(wanted.type());
        if (number < 0) {
            throw new IllegalArgumentException("unknown limit \"" + wanted.type() + "\"");
        }
        long most = mayRaise ? Rlimit.INFINITY : hard.get(number);
        if (Long.compareUnsigned(wanted.hard(), most) <= 0) {
            boolean raised = Long.compareUnsigned(wanted.hard(), hard.get(number)) > 0;
            return new ProcessPlan.Limit(number, wanted.type(), wanted.soft(), wanted.hard(), raised);
        }
        warnings.accept("limit %s cannot be raised above %s without CAP_SYS_RESOURCE: it stays there"
                .formatted(wanted.type(), Long.toUnsignedString(most)));
        long soft = Long.compareUnsigned(wanted.soft(), most) <= 0 ? wanted.soft() : most;
        return new ProcessPlan.Limit(number, wanted.type(), soft, most, false);
    }

    public @Nullable Integer score(@Nullable Integer wanted) {
        if (wanted == null || mayRaise || wanted >= score) {
            return wanted;
        }
        warnings.accept("OOM score adjustment cannot be lowered below %d without CAP_SYS_RESOURCE: it stays there"
                .formatted(score));
        return score;
    }

    /// Null if a process has that score anyway.
    public @Nullable Integer otherScore(@Nullable Integer wanted) {
        Integer possible = score(wanted);
        return possible == null || possible == score ? null : possible;
    }
}
