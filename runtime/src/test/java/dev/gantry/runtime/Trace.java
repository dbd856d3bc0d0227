package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What `strace -ff -v -s 65536 --decode-pids=pidns` has written: a file for each thread.
///
/// @param threads the calls of each, by its number
record Trace(Map<Integer, List<Line>> threads) {
    private static final Pattern CALL = Pattern.compile("(\\w+)\\((.*)\\)\\s+= (\\S+)(.*)");
    private static final Pattern PID_OUTSIDE = Pattern.compile(".*/\\* (\\d+) in strace's PID NS \\*/");

    /// A call.
    ///
    /// @param rest what follows the result: an error's name, a comment
    record Line(String call, String arguments, String result, String rest) {
        /// The result as the program sees it.
        long value(long unknownError) {
            if (result.equals("-1")) {
                String errno = rest.strip().split(" ", 2)[0];
                return Stream.of(dev.gantry.runtime.program.ErrorNumber.values())
                        .filter(each -> each.name().equals(errno))
                        .findFirst()
                        .map(each -> (long) -each.number())
                        .orElse(unknownError);
            }
            return result.equals("?") ? 0 : Long.decode(result);
        }

        /// The child's number outside of its PID namespace.
        int child() {
            Matcher outside = PID_OUTSIDE.matcher(rest);
            return Integer.parseInt(outside.matches() ? outside.group(1) : result);
        }
    }

    /// Runs a program under strace(1).
    ///
    /// @param main is given the directory and the cgroup below which it makes containers
    /// @param directory where the trace is written, too
    static Trace of(Class<?> main, Path directory, String cgroup) throws IOException, InterruptedException {
        Path traces = Files.createDirectories(directory.resolve("trace"));
        Process strace = new ProcessBuilder(
                        "strace",
                        "-ff",
                        "-v",
                        "-s",
                        "65536",
                        "--decode-pids=pidns",
                        "-o",
                        traces.resolve("t").toString(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        directory.toString(),
                        cgroup)
                .redirectErrorStream(true)
                .start();
        String output = new String(strace.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(strace.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(strace.exitValue()).as(output).isZero();
        return read(traces);
    }

    private static Trace read(Path directory) throws IOException {
        Map<Integer, List<Line>> threads = new HashMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                threads.put(Integer.valueOf(name.substring(name.lastIndexOf('.') + 1)), lines(file));
            }
        }
        return new Trace(threads);
    }

    private static List<Line> lines(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(CALL::matcher)
                .filter(Matcher::matches)
                .map(call -> new Line(call.group(1), plain(call.group(2)), call.group(3), call.group(4)))
                .toList();
    }

    /// Without what strace adds after the call, and what version 6.1 does not know.
    private static String plain(String arguments) {
        int program = arguments.indexOf("\"\\177ELF");
        if (program >= 0) {
            return arguments.substring(0, program) + "\"\"" + arguments.substring(arguments.lastIndexOf('"') + 1);
        }
        return arguments
                .replaceAll(" => \\{[^}]*}", "")
                .replace(" /* MS_??? */", "")
                .replace("MFD_ALLOW_SEALING|0x10", "MFD_ALLOW_SEALING|MFD_EXEC")
                .replaceAll(", filter=\\[.*](?=})", ", filter=[]");
    }

    /// The calls of the thread that made one like this, from that one on.
    List<Line> from(String call, String arguments) {
        for (List<Line> lines : threads.values()) {
            List<Line> found = from(lines, call, arguments);
            if (!found.isEmpty()) {
                return found;
            }
        }
        throw new AssertionError("no " + call + " with " + arguments + " in the trace");
    }

    private static List<Line> from(List<Line> lines, String call, String arguments) {
        return lines.stream()
                .dropWhile(
                        each -> !each.call().equals(call) || !each.arguments().contains(arguments))
                .toList();
    }

    /// The calls of the first process that is spawned among these, from its execve on.
    List<Line> spawned(List<Line> calls) {
        Line spawn = calls.stream()
                .filter(each -> each.arguments().contains("CLONE_VFORK"))
                .findFirst()
                .orElseThrow();
        return from(threads.getOrDefault(spawn.child(), List.of()), "execve", "");
    }
}
