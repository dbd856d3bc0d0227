package dev.gantry.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the host must have, and what it had better have.
final class HostChecks {
    /// mount_setattr came with 5.12, its use for overlays and idmaps settled with 5.14.
    private static final int[] OLDEST_KERNEL = {5, 14};

    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)");
    private static final Pattern EFFECTIVE = Pattern.compile("CapEff:\\s*([0-9a-f]+)");
    private static final int CAP_SYS_ADMIN = 21;
    private static final int CAP_SYS_RESOURCE = 24;
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    private HostChecks() {}

    /// Refuses a host on which nothing would work.
    static void require() throws UsageException, IOException {
        Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        if (!Integer.valueOf(0).equals(user)) {
            throw new UsageException("the daemon needs root: it makes namespaces, mounts and cgroups");
        }
        if (!has(CAP_SYS_ADMIN)) {
            throw new UsageException("the daemon needs the capability SYS_ADMIN: it makes namespaces and mounts");
        }
        Matcher kernel = VERSION.matcher(System.getProperty("os.version", ""));
        if (kernel.find()) {
            int major = Integer.parseInt(kernel.group(1));
            int minor = Integer.parseInt(kernel.group(2));
            if (major < OLDEST_KERNEL[0] || (major == OLDEST_KERNEL[0] && minor < OLDEST_KERNEL[1])) {
                throw new UsageException(
                        "the daemon needs Linux 5.14 or newer, this is " + System.getProperty("os.version"));
            }
        }
        if (!Files.isDirectory(CGROUPS)) {
            throw new UsageException("the daemon needs cgroups mounted on " + CGROUPS);
        }
    }

    /// What will not work as users may expect.
    static List<String> warnings() throws IOException {
        List<String> warnings = new ArrayList<>();
        if (!has(CAP_SYS_RESOURCE)) {
            warnings.add("no capability SYS_RESOURCE: limits above the daemon's own are clamped");
        }
        for (String controller : missingControllers()) {
            warnings.add("no cgroup controller " + controller + ": limits that need it are refused");
        }
        if (!Files.readString(Path.of("/proc/filesystems")).contains("\toverlay\n")) {
            warnings.add("overlay is not among /proc/filesystems: load the module, or no container can start");
        }
        return warnings;
    }

    private static List<String> missingControllers() throws IOException {
        Path unified = CGROUPS.resolve("cgroup.controllers");
        List<String> present = Files.exists(unified)
                ? List.of(Files.readString(unified).strip().split(" ", -1))
                : List.of();
        List<String> missing = new ArrayList<>();
        for (String controller : List.of("cpu", "cpuset", "memory", "pids")) {
            if (!present.contains(controller) && !Files.isDirectory(CGROUPS.resolve(controller))) {
                missing.add(controller);
            }
        }
        return missing;
    }

    private static boolean has(int capability) throws IOException {
        Matcher effective = EFFECTIVE.matcher(Files.readString(Path.of("/proc/self/status")));
        return effective.find() && (Long.parseUnsignedLong(effective.group(1), 16) & (1L << capability)) != 0;
    }
}
