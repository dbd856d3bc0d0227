package dev.gantry.engine.system;

import dev.gantry.engine.spec.HostFacts;
import dev.gantry.engine.view.SystemView.Host;
import dev.gantry.runtime.HostCapabilities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// This host, as /proc, /sys and /etc describe it.
public final class Machine {
    private static final Path PROC = Path.of("/proc");
    private static final Path SYS = Path.of("/sys");
    private static final Path STATUS = PROC.resolve("self/status");
    private static final String FIRST = "0";

    private Machine() {}

    /// What decides how specifications come out here. Read once: the filters it hands out are kept.
    public static HostFacts facts() throws IOException {
        String allowed = ProcFiles.field(STATUS, "Cpus_allowed_list").orElse(FIRST);
        return new HostFacts(
                NumberList.count(allowed),
                ProcFiles.text(SYS.resolve("devices/system/cpu/online")).orElse(allowed),
                // a kernel without NUMA has no such file
                ProcFiles.text(SYS.resolve("devices/system/node/online")).orElse(FIRST),
                HostCapabilities.read().known(),
                AppArmor.read(SYS).profile(),
                cgroups().version().equals("2"),
                new SeccompFilters());
    }

    static CgroupControllers cgroups() {
        return CgroupControllers.parse(ProcFiles.text(PROC.resolve("self/mountinfo"))
                .orElse("")
                .lines()
                .toList());
    }

    static AppArmor appArmor() {
        return AppArmor.read(SYS);
    }

    static boolean hasCgroupNamespaces() {
        return Files.exists(PROC.resolve("self/ns/cgroup"));
    }

    static boolean forwardsIpv4() {
        return ProcFiles.text(PROC.resolve("sys/net/ipv4/ip_forward"))
                .filter("1"::equals)
                .isPresent();
    }

    static String kernelVersion() {
        return System.getProperty("os.version");
    }

    /// `uname -m`
    static String hardwareName() {
        return switch (System.getProperty("os.arch")) {
            case "amd64" -> "x86_64";
            case String other -> other;
        };
    }

    static Host describe(int cpus) {
        return new Host(
                kernelVersion(),
                release("PRETTY_NAME", "<unknown>"),
                release("VERSION_ID", ""),
                "linux",
                hardwareName(),
                cpus,
                memory(),
                ProcFiles.text(PROC.resolve("sys/kernel/hostname")).orElse(""));
    }

    /// A variable of os-release(5).
    private static String release(String name, String absent) {
        Path file = Path.of("/etc/os-release");
        Path readable = Files.isReadable(file) ? file : Path.of("/usr/lib/os-release");
        return ProcFiles.field(readable, name)
                .map(value -> value.replaceAll("^[\"']|[\"']$", ""))
                .orElse(absent);
    }

    /// In bytes.
    public static long memory() {
        return ProcFiles.field(PROC.resolve("meminfo"), "MemTotal")
                .map(text -> Long.parseLong(text.replace(" kB", "")) << 10)
                .orElse(0L);
    }

    /// How many descriptors this process has open.
    static int descriptors() {
        try (var names = Files.list(PROC.resolve("self/fd"))) {
            return (int) names.count();
        } catch (IOException _) {
            // reported only: a /proc that hides them is no reason to answer nothing
            return 0;
        }
    }

    /// How many threads of the kernel's this process has.
    static int threads() {
        return ProcFiles.field(STATUS, "Threads").map(Integer::parseInt).orElse(0);
    }
}
