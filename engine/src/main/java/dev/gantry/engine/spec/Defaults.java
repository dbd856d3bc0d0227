package dev.gantry.engine.spec;

import dev.gantry.engine.EngineOptions.Runtimes;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.Healthcheck;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.config.LogConfig;
import dev.gantry.engine.config.Resources;
import dev.gantry.oci.image.Environment;
import dev.gantry.oci.image.Execution;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Fills in what a request leaves open: from the image, then with Docker's defaults.
public final class Defaults {
    /// `/dev/shm`, in bytes.
    public static final long SHM_SIZE = 64L << 20;

    static final List<String> MASKED = List.of(
            "/proc/asound",
            "/proc/acpi",
            "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/sys/firmware",
            "/sys/devices/virtual/powercap");

    static final List<String> READONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private Defaults() {}

    /// The configuration with the image's values where it has none of its own.
    ///
    /// @param hostname where none is asked for
    public static ContainerConfig container(ContainerConfig asked, Execution image, String hostname) {
        // an entrypoint of its own takes the image's command away (Dockerfile reference, ENTRYPOINT)
        boolean ownEntrypoint = asked.entrypoint() != null;
        List<String> cmd = asked.cmd();
        if ((cmd == null || cmd.isEmpty()) && !ownEntrypoint) {
            cmd = nullIfEmpty(image.cmd());
        }
        List<String> entrypoint = ownEntrypoint ? asked.entrypoint() : nullIfEmpty(image.entrypoint());
        if (entrypoint != null && entrypoint.equals(List.of(""))) {
            entrypoint = null;
        }
        var labels = new LinkedHashMap<>(image.labels());
        labels.putAll(asked.labels());
        return new ContainerConfig(
                asked.hostname().isEmpty() ? hostname : asked.hostname(),
                asked.domainname(),
                orElse(asked.user(), image.user()),
                asked.attachStdin(),
                asked.attachStdout(),
                asked.attachStderr(),
                union(asked.exposedPorts(), image.exposedPorts()),
                asked.tty(),
                asked.openStdin(),
                asked.stdinOnce(),
                Environment.merge(image.env(), asked.env()),
                cmd,
                healthcheck(asked.healthcheck(), image.healthcheck()),
                asked.argsEscaped(),
                asked.image(),
                union(asked.volumes(), image.volumes()),
                workingDirectory(orElse(asked.workingDir(), image.workingDir())),
                entrypoint,
                asked.networkDisabled(),
                asked.macAddress(),
                List.of(),
                labels,
                asked.stopSignal() != null && !asked.stopSignal().isEmpty() ? asked.stopSignal() : image.stopSignal(),
                asked.stopTimeout(),
                asked.shell() != null ? asked.shell() : nullIfEmpty(image.shell()));
    }

    private static String workingDirectory(String asked) {
        // a relative one stays as it is, so that it can be refused by its name
        return asked.startsWith("/") ? MountRequests.clean(asked) : asked;
    }

    private static <T> @Nullable List<T> nullIfEmpty(List<T> list) {
        return list.isEmpty() ? null : list;
    }

    private static String orElse(String own, @Nullable String image) {
        return own.isEmpty() && image != null ? image : own;
    }

    private static Map<String, Map<String, String>> union(Map<String, Map<String, String>> own, Set<String> image) {
        var union = new LinkedHashMap<>(own);
        image.forEach(name -> union.putIfAbsent(name, Map.of()));
        return union;
    }

    private static @Nullable Healthcheck healthcheck(
            @Nullable Healthcheck own, dev.gantry.oci.image.@Nullable Healthcheck image) {
        if (image == null) {
            return own;
        }
        if (own == null) {
            own = new Healthcheck(List.of(), 0, 0, 0, 0, 0);
        }
        return new Healthcheck(
                own.test().isEmpty() ? image.test() : own.test(),
                or(own.interval(), image.interval()),
                or(own.timeout(), image.timeout()),
                or(own.startPeriod(), image.startPeriod()),
                or(own.startInterval(), image.startInterval()),
                own.retries() == 0 && image.retries() != null ? image.retries() : own.retries());
    }

    private static long or(long own, @Nullable Long image) {
        return own == 0 && image != null ? image : own;
    }

    /// The host's part with Docker's defaults, as inspect shows it.
    ///
    /// @param logOptions the daemon's, for json-file
    /// @param init the daemon's default
    public static HostConfig host(HostConfig asked, Map<String, String> logOptions, boolean init) {
        return host(asked, logOptions, init, Runtimes.OWN);
    }

    /// The same for a daemon with a default runtime of its own.
    ///
    /// @param runtime the daemon's default
    public static HostConfig host(HostConfig asked, Map<String, String> logOptions, boolean init, String runtime) {
        var storage = asked.storage();
        boolean privileged = asked.security().privileged();
        return new HostConfig(
                new HostConfig.Storage(
                        storage.binds(),
                        storage.mounts(),
                        storage.tmpfs(),
                        storage.volumeDriver(),
                        storage.volumesFrom(),
                        storage.readonlyRootfs(),
                        storage.shmSize() == 0 ? SHM_SIZE : storage.shmSize(),
                        storage.storageOpt()),
                asked.containerIdFile(),
                log(asked.logConfig(), logOptions),
                network(asked.network()),
                asked.restartPolicy(),
                asked.autoRemove(),
                asked.consoleSize(),
                asked.annotations(),
                new HostConfig.Security(
                        asked.security().capAdd(),
                        asked.security().capDrop(),
                        asked.security().groupAdd(),
                        privileged,
                        asked.security().securityOpt(),
                        paths(asked.security().maskedPaths(), privileged, MASKED),
                        paths(asked.security().readonlyPaths(), privileged, READONLY)),
                namespaces(asked.namespaces()),
                asked.cgroup(),
                asked.oomScoreAdj(),
                asked.sysctls(),
                asked.runtime().isEmpty() ? runtime : asked.runtime(),
                asked.isolation(),
                (asked.init() == null && init) ? Boolean.TRUE : asked.init(),
                resources(asked.resources()));
    }

    private static List<String> paths(@Nullable List<String> asked, boolean unconfined, List<String> defaults) {
        return asked != null ? asked : unconfined ? List.of() : defaults;
    }

    private static LogConfig log(LogConfig asked, Map<String, String> daemon) {
        if (asked.type().equals("none")) {
            return asked;
        }
        boolean jsonFile = asked.type().isEmpty() || asked.type().equals("json-file");
        var options = new LinkedHashMap<>(jsonFile ? daemon : Map.<String, String>of());
        options.putAll(asked.config());
        return new LogConfig(asked.type().isEmpty() ? "json-file" : asked.type(), options);
    }

    private static HostConfig.Network network(HostConfig.Network asked) {
        String mode =
                asked.networkMode().isEmpty() || asked.networkMode().equals("default") ? "bridge" : asked.networkMode();
        return new HostConfig.Network(
                mode,
                asked.portBindings(),
                asked.publishAllPorts(),
                asked.dns(),
                asked.dnsOptions(),
                asked.dnsSearch(),
                asked.extraHosts(),
                asked.links());
    }

    private static HostConfig.Namespaces namespaces(HostConfig.Namespaces asked) {
        return new HostConfig.Namespaces(
                asked.cgroupnsMode().isEmpty() ? "private" : asked.cgroupnsMode(),
                asked.ipcMode().isEmpty() ? "private" : asked.ipcMode(),
                asked.pidMode(),
                asked.utsMode(),
                asked.usernsMode());
    }

    private static Resources resources(Resources asked) {
        boolean swapOpen = asked.memory() > 0 && asked.memorySwap() == 0;
        return swapOpen ? asked.withMemorySwap(asked.memory() * 2) : asked;
    }
}
