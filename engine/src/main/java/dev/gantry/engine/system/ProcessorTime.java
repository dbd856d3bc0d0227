package dev.gantry.engine.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// How much time the CPUs of the host have had since its start; proc_stat(5).
///
/// @param nanoseconds busy and idle, of all of them
/// @param online how many there are
public record ProcessorTime(long nanoseconds, int online) {
    /// user, nice, system, idle, iowait, irq and softirq: what Docker's clients compare a container's time with. What
    /// other virtual machines steal is not in it.
    private static final int FIELDS = 7;

    private static final long NANOSECONDS_OF_A_TICK = 10_000_000;

    /// Reads `/proc/stat`.
    public static ProcessorTime read() throws IOException {
        return parse(Files.readAllLines(Path.of("/proc/stat"), StandardCharsets.US_ASCII));
    }

    static ProcessorTime parse(List<String> lines) throws IOException {
        int online = 0;
        long ticks = 0;
        for (String line : lines) {
            String[] words = line.split("\\s+", -1);
            if (words[0].equals("cpu")) {
                for (int i = 1; i <= FIELDS && i < words.length; i++) {
                    ticks += Long.parseUnsignedLong(words[i]);
                }
            } else if (words[0].startsWith("cpu")) {
                online++;
            }
        }
        if (online == 0) {
            throw new IOException("/proc/stat names no CPU");
        }
        return new ProcessorTime(ticks * NANOSECONDS_OF_A_TICK, online);
    }
}
