package dev.gantry.cli.create;

import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.option.GoNumbers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The part of a create request that is about the host: mounts, isolation, limits.
final class HostConfig {
    private HostConfig() {}

    static JsonValue.Fields of(Arguments flags, Volumes volumes, Ports ports) {
        JsonValue.Builder host = JsonValue.object();
        host.put("Binds", volumes.binds());
        host.put("ContainerIDFile", flags.text("cidfile"));
        host.put("LogConfig", log(flags));
        host.put("NetworkMode", Networks.mode(flags));
        host.put("PortBindings", ports.bindings());
        host.put("RestartPolicy", restart(flags));
        host.put("AutoRemove", flags.isSet("rm"));
        host.put("VolumeDriver", flags.text("volume-driver"));
        host.put("VolumesFrom", flags.list("volumes-from"));
        host.put("CapAdd", flags.list("cap-add"));
        host.put("CapDrop", flags.list("cap-drop"));
        addNamespaces(host, flags);
        addNames(host, flags);
        host.put("GroupAdd", flags.list("group-add"));
        host.put("OomScoreAdj", flags.number("oom-score-adj"));
        host.put("Privileged", flags.isSet("privileged"));
        host.put("PublishAllPorts", flags.isSet("publish-all"));
        host.put("ReadonlyRootfs", flags.isSet("read-only"));
        host.put("ShmSize", flags.bytes("shm-size"));
        host.put("Isolation", flags.text("isolation"));
        if (!flags.text("runtime").isEmpty()) {
            host.put("Runtime", flags.text("runtime"));
        }
        addSecurity(host, flags);
        addStorage(host, flags);
        addLimits(host, flags);
        if (flags.has("init")) {
            host.put("Init", flags.isSet("init"));
        }
        return host.build();
    }

    /// The body of an update: what is not asked for has its zero, and stays.
    static JsonValue.Fields update(Arguments flags) {
        JsonValue.Builder change = JsonValue.object();
        addChangeableLimits(change, flags);
        if (!flags.text("restart").isEmpty()) {
            change.put("RestartPolicy", policy(flags.text("restart")));
        }
        if (!flags.has("pids-limit")) {
            change.put("PidsLimit", JsonValue.Null.NULL);
        }
        return change.build();
    }

    private static JsonValue log(Arguments flags) {
        String driver = flags.text("log-driver");
        if (driver.equals("none") && flags.has("log-opt")) {
            throw new IllegalArgumentException("invalid logging opts for driver none");
        }
        return JsonValue.object()
                .put("Type", driver)
                .put("Config", Pairs.map(flags.list("log-opt")))
                .build();
    }

    private static JsonValue restart(Arguments flags) {
        String policy = flags.text("restart");
        if (flags.isSet("rm") && !policy.isEmpty() && !policy.equals("no")) {
            throw new IllegalArgumentException("conflicting options: cannot specify both --restart and --rm");
        }
        return policy(policy);
    }

    private static JsonValue policy(String policy) {
        int colon = policy.indexOf(':');
        if (colon == 0) {
            throw new IllegalArgumentException("invalid restart policy format: no policy provided before colon");
        }
        long count = 0;
        if (colon > 0 && colon < policy.length() - 1) {
            try {
                count = GoNumbers.parseInt(policy.substring(colon + 1));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "invalid restart policy format: maximum retry count must be an integer", e);
            }
        }
        return JsonValue.object()
                .put("Name", colon < 0 ? policy : policy.substring(0, colon))
                .put("MaximumRetryCount", count)
                .build();
    }

    private static void addNamespaces(JsonValue.Builder host, Arguments flags) {
        require(flags.text("pid"), "--pid: invalid PID mode", "", "host");
        require(flags.text("uts"), "--uts: invalid UTS mode", "", "host");
        require(flags.text("userns"), "--userns: invalid USER mode", "", "host");
        require(flags.text("cgroupns"), "--cgroupns: invalid CGROUP mode", "", "host", "private");
        host.put("CgroupnsMode", flags.text("cgroupns"));
        host.put("IpcMode", flags.text("ipc"));
        host.put("PidMode", flags.text("pid"));
        host.put("UTSMode", flags.text("uts"));
        host.put("UsernsMode", flags.text("userns"));
    }

    private static void require(String mode, String problem, String... known) {
        boolean other = problem.startsWith("--pid") && mode.startsWith("container:") && mode.length() > 10;
        if (!List.of(known).contains(mode) && !other) {
            throw new IllegalArgumentException(problem);
        }
    }

    private static void addNames(JsonValue.Builder host, Arguments flags) {
        List<String> options = new ArrayList<>(flags.list("dns-opt"));
        options.addAll(flags.list("dns-option"));
        host.put("Dns", flags.list("dns"));
        host.put("DnsOptions", options);
        host.put("DnsSearch", flags.list("dns-search"));
        host.put("ExtraHosts", flags.list("add-host"));
        host.put("Links", flags.list("link"));
    }

    private static void addSecurity(JsonValue.Builder host, Arguments flags) {
        SecurityOptions security = SecurityOptions.parse(flags.list("security-opt"));
        host.put("SecurityOpt", security.options());
        if (security.unmasked()) {
            host.put("MaskedPaths", List.of());
            host.put("ReadonlyPaths", List.of());
        }
        host.put("Sysctls", flags.map("sysctl"));
        host.put("Annotations", flags.map("annotation"));
    }

    private static void addStorage(JsonValue.Builder host, Arguments flags) {
        Map<String, String> tmpfs = new LinkedHashMap<>();
        for (String value : flags.list("tmpfs")) {
            int colon = value.indexOf(':');
            tmpfs.put(colon < 0 ? value : value.substring(0, colon), colon < 0 ? "" : value.substring(colon + 1));
        }
        host.put("Tmpfs", tmpfs);
        host.put("StorageOpt", storage(flags));
        host.put("Mounts", list(flags, "mount", Mounts::parse));
        host.put("Devices", list(flags, "device", Devices::mapping));
        host.put("DeviceCgroupRules", flags.list("device-cgroup-rule"));
    }

    private static Map<String, String> storage(Arguments flags) {
        List<String> options = flags.list("storage-opt");
        if (options.stream().anyMatch(option -> !option.contains("="))) {
            throw new IllegalArgumentException("invalid storage option");
        }
        return Pairs.map(options);
    }

    private static void addLimits(JsonValue.Builder host, Arguments flags) {
        long swappiness = flags.number("memory-swappiness");
        if (swappiness < -1 || swappiness > 100) {
            throw new IllegalArgumentException(
                    "invalid value: " + swappiness + ". Valid memory swappiness range is 0-100");
        }
        host.put("CgroupParent", flags.text("cgroup-parent"));
        host.put("MemorySwappiness", swappiness);
        host.put("OomKillDisable", flags.isSet("oom-kill-disable"));
        addChangeableLimits(host, flags);
        host.put("Ulimits", Ulimits.list(flags.list("ulimit")));
        host.put("BlkioWeightDevice", list(flags, "blkio-weight-device", Devices::weight));
        host.put("BlkioDeviceReadBps", list(flags, "device-read-bps", Devices::bytesPerSecond));
        host.put("BlkioDeviceWriteBps", list(flags, "device-write-bps", Devices::bytesPerSecond));
        host.put("BlkioDeviceReadIOps", list(flags, "device-read-iops", Devices::operationsPerSecond));
        host.put("BlkioDeviceWriteIOps", list(flags, "device-write-iops", Devices::operationsPerSecond));
        if (!flags.text("gpus").isEmpty()) {
            throw new IllegalArgumentException("--gpus: GPU devices are not supported");
        }
    }

    private static void addChangeableLimits(JsonValue.Builder host, Arguments flags) {
        host.put("Memory", flags.bytes("memory"));
        host.put("MemoryReservation", flags.bytes("memory-reservation"));
        host.put("MemorySwap", flags.bytes("memory-swap"));
        host.put("NanoCpus", CreateRequest.cpus(flags));
        host.put("CpuShares", flags.number("cpu-shares"));
        host.put("CpuPeriod", flags.number("cpu-period"));
        host.put("CpuQuota", flags.number("cpu-quota"));
        host.put("CpuRealtimePeriod", flags.number("cpu-rt-period"));
        host.put("CpuRealtimeRuntime", flags.number("cpu-rt-runtime"));
        host.put("CpusetCpus", flags.text("cpuset-cpus"));
        host.put("CpusetMems", flags.text("cpuset-mems"));
        host.put("PidsLimit", flags.number("pids-limit"));
        host.put("BlkioWeight", flags.number("blkio-weight"));
    }

    private static JsonValue list(Arguments flags, String name, Function<String, JsonValue> parser) {
        return new JsonValue.Items(flags.list(name).stream().map(parser).toList());
    }
}
