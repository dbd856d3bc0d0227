package dev.gantry.engine.stats;

import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.Top;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The processes of a container as the host's `ps` shows them: it is the host's program, and it sees the host.
public final class ProcessTable {
    private static final String DEFAULT_ARGUMENTS = "-ef";
    /// More output than any host's processes give.
    private static final int LIMIT = 16 << 20;
    /// Columns of ps(1) other than the process ID that the user calls PID; the rows would be chosen by them.
    private static final Pattern RENAMED_PID = Pattern.compile("\\s+([a-zA-Z]*)=\\s*(PID[a-zA-Z]*)");

    private ProcessTable() {}

    /// The rows of some processes.
    ///
    /// @param psArguments null for Docker's default
    public static Top of(Set<Integer> processes, @Nullable String psArguments) {
        String arguments = psArguments == null || psArguments.isBlank() ? DEFAULT_ARGUMENTS : psArguments.strip();
        var renamed = RENAMED_PID.matcher(arguments);
        while (renamed.find()) {
            if (!renamed.group(1).equals("pid")) {
                throw new Invalid("specifying \"" + renamed.group(1) + "=" + renamed.group(2) + "\" is not allowed");
            }
        }
        try {
            return parse(ps(arguments), processes);
        } catch (IOException e) {
            throw new Failed("ps: " + e.getMessage(), e);
        }
    }

    private static String ps(String arguments) throws IOException {
        var command = new ArrayList<>(List.of("ps"));
        command.addAll(Arrays.asList(arguments.split("\\s+", -1)));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readNBytes(LIMIT), StandardCharsets.UTF_8);
        try {
            int status = process.waitFor();
            if (status != 0) {
                throw new Invalid("ps: " + output.lines().findFirst().orElse("exit status " + status));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return output;
    }

    /// The rows of the container's processes; a row has at most as many columns as there are titles.
    static Top parse(String output, Set<Integer> processes) {
        List<String> lines = output.lines().toList();
        if (lines.isEmpty()) {
            throw new Failed("no lines in the output of ps");
        }
        List<String> titles = columns(lines.getFirst(), Integer.MAX_VALUE);
        int pid = titles.indexOf("PID");
        if (pid < 0) {
            throw new Invalid("Couldn't find PID field in ps output");
        }
        List<List<String>> rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            List<String> row = columns(line, titles.size());
            if (row.size() > pid
                    && row.get(pid).matches("[0-9]{1,9}")
                    && processes.contains(Integer.valueOf(row.get(pid)))) {
                rows.add(row);
            }
        }
        return new Top(titles, rows);
    }

    private static List<String> columns(String line, int atMost) {
        return List.of(line.strip().split("\\s+", atMost));
    }
}
