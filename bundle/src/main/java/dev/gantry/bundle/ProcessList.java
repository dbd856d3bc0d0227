package dev.gantry.bundle;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Processes for the eye, as ps(1) shows them.
final class ProcessList {
    private static final List<String> DEFAULT = List.of("-ef");

    private ProcessList() {}

    /// @param options of ps, which has to show process IDs
    static void print(PrintStream out, List<String> options, List<Integer> pids) throws IOException, CommandException {
        List<String> command = new ArrayList<>(List.of("ps"));
        command.addAll(options.isEmpty() ? DEFAULT : options);
        Process ps = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        int exit = exitCode(ps);
        if (exit != 0) {
            throw new CommandException("ps: exit code " + exit + ": " + String.join("\n", lines));
        }
        int column = Arrays.asList(words(lines.getFirst())).indexOf("PID");
        if (column < 0) {
            throw new CommandException("couldn't find PID field in ps output");
        }
        List<String> wanted = pids.stream().map(String::valueOf).collect(Collectors.toList());
        out.println(lines.getFirst());
        for (String line : lines.subList(1, lines.size())) {
            String[] words = words(line);
            if (words.length > column && wanted.contains(words[column])) {
                out.println(line);
            }
        }
    }

    private static String[] words(String line) {
        return line.strip().split(" +", -1);
    }

    private static int exitCode(Process ps) throws IOException {
        try {
            return ps.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while ps runs", e);
        }
    }
}
