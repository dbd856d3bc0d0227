package dev.gantry.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Numbers that the kernel tells of a process, proc_pid_status(5).
public final class ProcessStatus {
    private ProcessStatus() {}

    /// One of them.
    ///
    /// @param name as `VmRSS`, whose unit is KiB
    public static long number(long pid, String name) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
                .findFirst()
                .orElseThrow();
    }
}
