package dev.gantry.runtime.cgroup;

import dev.gantry.runtime.usage.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads what a container uses from its directory of version 2.
final class V2Usage {
    private static final long NANOSECONDS = 1000;
    private static final Map<String, String> OPERATIONS = Map.of("rbytes=", "read", "wbytes=", "write");

    private V2Usage() {}

    static Usage read(Path directory) throws IOException {
        return new Usage(
                cpu(directory),
                memory(directory),
                tasks(directory),
                new Usage.BlockIo(devices(Figures.lines(directory, "io.stat")), null),
                Figures.pressure(directory));
    }

    /// Every group counts its time; the lines about quotas come with the controller.
    private static Usage.Cpu cpu(Path directory) throws IOException {
        Map<String, Long> figures = Figures.keyed(directory, "cpu.stat");
        return new Usage.Cpu(
                figures.getOrDefault("usage_usec", 0L) * NANOSECONDS,
                List.of(),
                figures.getOrDefault("user_usec", 0L) * NANOSECONDS,
                figures.getOrDefault("system_usec", 0L) * NANOSECONDS,
                new Usage.Throttling(
                        figures.getOrDefault("nr_periods", 0L),
                        figures.getOrDefault("nr_throttled", 0L),
                        figures.getOrDefault("throttled_usec", 0L) * NANOSECONDS));
    }

    private static Usage.@Nullable Memory memory(Path directory) throws IOException {
        Map<String, Long> figures = Figures.keyed(directory, "memory.stat");
        return figures.isEmpty()
                ? null
                : new Usage.Memory(
                        Figures.number(directory, "memory.current"),
                        0,
                        Figures.number(directory, "memory.max", Long.MAX_VALUE, Long.MAX_VALUE),
                        Figures.keyed(directory, "memory.events").getOrDefault("oom", 0L),
                        figures);
    }

    private static Usage.@Nullable Tasks tasks(Path directory) throws IOException {
        List<String> current = Figures.lines(directory, "pids.current");
        return current.isEmpty()
                ? null
                : new Usage.Tasks(Long.parseLong(current.getFirst()), Figures.number(directory, "pids.max"));
    }

    /// @param lines such as `254:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0`
    static List<Usage.Device> devices(List<String> lines) {
        List<Usage.Device> result = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.split(" ", -1);
            String[] device = words[0].split(":", -1);
            for (String word : words) {
                String operation = OPERATIONS.get(word.substring(0, word.indexOf('=') + 1));
                if (operation != null && device.length == 2) {
                    result.add(new Usage.Device(
                            Long.parseLong(device[0]),
                            Long.parseLong(device[1]),
                            operation,
                            Long.parseUnsignedLong(word.substring(word.indexOf('=') + 1))));
                }
            }
        }
        return result;
    }
}
