package dev.gantry.runtime.usage;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What has passed a network interface; proc_pid_net(5).
public record InterfaceCounters(Direction received, Direction sent) {
    private static final String LOOPBACK = "lo";
    private static final int RECEIVED = 0;
    private static final int SENT = 8;

    /// One direction.
    public record Direction(long bytes, long packets, long errors, long dropped) {}

    /// Reads the lines of `/proc/PID/net/dev`: every interface but the loopback, which leads nowhere.
    public static Map<String, InterfaceCounters> parse(List<String> lines) {
        Map<String, InterfaceCounters> result = new TreeMap<>();
        for (String line : lines) {
            // the headings have no colon
            int colon = line.lastIndexOf(':');
            String name = line.substring(0, Math.max(colon, 0)).strip();
            if (!name.isEmpty() && !name.equals(LOOPBACK)) {
                long[] values = Arrays.stream(line.substring(colon + 1).strip().split("\\s+", -1))
                        .mapToLong(Long::parseUnsignedLong)
                        .toArray();
                result.put(name, new InterfaceCounters(direction(values, RECEIVED), direction(values, SENT)));
            }
        }
        return result;
    }

    private static Direction direction(long[] values, int from) {
        return new Direction(values[from], values[from + 1], values[from + 2], values[from + 3]);
    }
}
