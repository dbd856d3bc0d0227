package dev.gantry.cli.create;

import dev.gantry.cli.option.Flag;
import dev.gantry.cli.option.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// The table of flags that `run`, `create` and `explain run` share, and what each adds.
public final class RunFlags {
    /// The parameters that belong to a namespace, besides all below `net.` and `fs.mqueue.`.
    private static final Set<String> SYSCTLS = Set.of(
            "kernel.msgmax",
            "kernel.msgmnb",
            "kernel.msgmni",
            "kernel.sem",
            "kernel.shmall",
            "kernel.shmmax",
            "kernel.shmmni",
            "kernel.shm_rmid_forced");

    private RunFlags() {}

    /// The flags of `create`.
    public static List<Flag> forCreate(Map<String, String> environment) {
        List<Flag> flags = new ArrayList<>();
        addProcess(flags, environment);
        addIsolation(flags);
        addNetwork(flags);
        addStorage(flags);
        addHealth(flags);
        addResources(flags);
        flags.add(Flag.of("name", Kind.TEXT, "Name of the container"));
        flags.add(Flag.of("cidfile", Kind.TEXT, "File that the container's ID is written to"));
        flags.add(Flag.of("pull", Kind.TEXT, "When to fetch the image: \"always\", \"missing\" or \"never\"")
                .withDefault("missing"));
        flags.add(Flag.of("quiet", "q", Kind.BOOL, "Show no progress of a pull"));
        flags.add(Flag.of("platform", Kind.TEXT, "Platform of the image, such as \"linux/amd64\"")
                .withDefault(environment.getOrDefault("DOCKER_DEFAULT_PLATFORM", "")));
        flags.add(Flag.of("help", Kind.BOOL, "Print this page"));
        return List.copyOf(flags);
    }

    /// The flags of `run`.
    public static List<Flag> forRun(Map<String, String> environment) {
        List<Flag> flags = new ArrayList<>(forCreate(environment));
        flags.add(Flag.of("detach", "d", Kind.BOOL, "Leave the container in the background and print its ID"));
        flags.add(Flag.of("sig-proxy", Kind.BOOL, "Pass signals on to the process")
                .withDefault("true"));
        flags.add(detachKeys());
        return List.copyOf(flags);
    }

    /// `--detach-keys`, which more commands have.
    public static Flag detachKeys() {
        return Flag.of("detach-keys", Kind.TEXT, "Keys that detach, such as \"ctrl-p,ctrl-q\"");
    }

    /// `--env`, whose value comes from the environment where it has none.
    public static Flag environment(Map<String, String> environment) {
        return Flag.of("env", "e", Kind.LIST, "Environment variable, NAME=VALUE or NAME of the caller's own")
                .checked(value -> checkEnvironment(value, environment));
    }

    private static String checkEnvironment(String value, Map<String, String> environment) {
        int equals = value.indexOf('=');
        if (equals == 0 || value.isEmpty()) {
            throw new IllegalArgumentException("invalid environment variable: " + value);
        }
        String own = equals < 0 ? environment.get(value) : null;
        return own == null ? value : value + "=" + own;
    }

    private static void addProcess(List<Flag> flags, Map<String, String> environment) {
        flags.add(Flag.of("attach", "a", Kind.LIST, "Stream to attach: STDIN, STDOUT or STDERR")
                .checked(RunFlags::checkStream));
        flags.add(environment(environment));
        flags.add(Flag.of("env-file", Kind.LIST, "File of environment variables, one NAME=VALUE a line"));
        flags.add(Flag.of("entrypoint", Kind.TEXT, "Program to run instead of the image's entry point"));
        flags.add(Flag.of("interactive", "i", Kind.BOOL, "Keep standard input open"));
        flags.add(Flag.of("tty", "t", Kind.BOOL, "Give the process a terminal"));
        flags.add(Flag.of("user", "u", Kind.TEXT, "User and group, by name or number: USER[:GROUP]"));
        flags.add(Flag.of("workdir", "w", Kind.TEXT, "Working directory in the container"));
        flags.add(Flag.of("group-add", Kind.LIST, "Group to join besides the user's own"));
        flags.add(Flag.of("label", "l", Kind.LIST, "Label, NAME=VALUE").checked(RunFlags::checkLabel));
        flags.add(Flag.of("label-file", Kind.LIST, "File of labels, one NAME=VALUE a line"));
        flags.add(Flag.of("annotation", Kind.MAP, "Annotation for the OCI runtime")
                .withDefault("map[]"));
        flags.add(Flag.of("init", Kind.BOOL, "Run a small init that reaps processes and forwards signals"));
        flags.add(Flag.of("rm", Kind.BOOL, "Remove the container when it exits"));
        flags.add(Flag.of("restart", Kind.TEXT, "What to do when the container exits")
                .withDefault("no"));
        flags.add(Flag.of("stop-signal", Kind.TEXT, "Signal that asks the process to end"));
        flags.add(Flag.of("stop-timeout", Kind.INT, "Seconds from that signal to SIGKILL"));
        flags.add(Flag.of("log-driver", Kind.TEXT, "Where the output is kept"));
        flags.add(Flag.of("log-opt", Kind.LIST, "Option of the log driver"));
        flags.add(Flag.of("runtime", Kind.TEXT, "OCI runtime"));
        flags.add(Flag.of("isolation", Kind.TEXT, "Isolation technology").asHidden());
    }

    private static void addIsolation(List<Flag> flags) {
        flags.add(Flag.of("cap-add", Kind.LIST, "Capability to add").checked(RunFlags::capability));
        flags.add(Flag.of("cap-drop", Kind.LIST, "Capability to take away").checked(RunFlags::capability));
        flags.add(Flag.of("privileged", Kind.BOOL, "Give the container nearly all rights of the host's root"));
        flags.add(Flag.of("security-opt", Kind.LIST, "Security option, such as seccomp=FILE or no-new-privileges"));
        flags.add(Flag.of("sysctl", Kind.MAP, "Kernel parameter, NAME=VALUE")
                .withDefault("map[]")
                .checked(RunFlags::checkSysctl));
        flags.add(Flag.of("userns", Kind.TEXT, "User namespace: \"host\""));
        flags.add(Flag.of("cgroupns", Kind.TEXT, "Cgroup namespace: \"host\" or \"private\""));
        flags.add(
                Flag.of("ipc", Kind.TEXT, "IPC namespace: \"private\", \"shareable\", \"host\" or \"container:NAME\""));
        flags.add(Flag.of("pid", Kind.TEXT, "PID namespace: \"host\" or \"container:NAME\""));
        flags.add(Flag.of("uts", Kind.TEXT, "UTS namespace: \"host\""));
        flags.add(Flag.of("hostname", "h", Kind.TEXT, "Host name"));
        flags.add(Flag.of("domainname", Kind.TEXT, "NIS domain name"));
    }

    private static void addNetwork(List<Flag> flags) {
        flags.add(Flag.of("add-host", Kind.LIST, "Line for /etc/hosts, NAME:ADDRESS")
                .checked(RunFlags::checkHost));
        flags.add(Flag.of("dns", Kind.LIST, "DNS server"));
        flags.add(Flag.of("dns-opt", Kind.LIST, "DNS option").asHidden());
        flags.add(Flag.of("dns-option", Kind.LIST, "DNS option"));
        flags.add(Flag.of("dns-search", Kind.LIST, "DNS search domain"));
        flags.add(Flag.of("expose", Kind.LIST, "Port or range of ports that the container serves"));
        flags.add(Flag.of("ip", Kind.TEXT, "IPv4 address").typed("ip"));
        flags.add(Flag.of("ip6", Kind.TEXT, "IPv6 address").typed("ip"));
        flags.add(Flag.of("link", Kind.LIST, "Other container to link"));
        flags.add(Flag.of("link-local-ip", Kind.LIST, "Link-local address"));
        flags.add(Flag.of("mac-address", Kind.TEXT, "MAC address"));
        flags.add(Flag.of("net", Kind.LIST, "Network").typed("network").asHidden());
        flags.add(Flag.of("network", Kind.LIST, "Network: \"none\", \"host\" or a name")
                .typed("network"));
        flags.add(Flag.of("net-alias", Kind.LIST, "Name in the network").asHidden());
        flags.add(Flag.of("network-alias", Kind.LIST, "Name in the network"));
        flags.add(Flag.of("publish", "p", Kind.LIST, "Port to publish: [ADDRESS:][HOST:]CONTAINER[/PROTOCOL]"));
        flags.add(Flag.of("publish-all", "P", Kind.BOOL, "Publish all exposed ports on free ones of the host"));
    }

    private static void addStorage(List<Flag> flags) {
        flags.add(Flag.of("mount", Kind.LIST, "Mount, such as type=bind,source=DIR,target=DIR,readonly")
                .typed("mount")
                .checked(parsed(Mounts::parse)));
        flags.add(Flag.of("volume", "v", Kind.LIST, "Directory or volume to mount: SOURCE:TARGET[:OPTIONS]"));
        flags.add(Flag.of("volumes-from", Kind.LIST, "Container whose mounts are taken over"));
        flags.add(Flag.of("volume-driver", Kind.TEXT, "Driver of new volumes"));
        flags.add(Flag.of("tmpfs", Kind.LIST, "Directory in memory: TARGET[:OPTIONS]"));
        flags.add(Flag.of("read-only", Kind.BOOL, "Make the root file system read-only"));
        flags.add(Flag.of("storage-opt", Kind.LIST, "Option of the storage driver"));
        flags.add(Flag.of("shm-size", Kind.BYTES, "Size of /dev/shm"));
        flags.add(Flag.of("device", Kind.LIST, "Device to add: HOST[:CONTAINER][:MODE]"));
        flags.add(Flag.of("device-cgroup-rule", Kind.LIST, "Rule for allowed devices, such as \"c 1:3 rwm\"")
                .checked(Devices::checkRule));
        flags.add(Flag.of("gpus", Kind.TEXT, "GPUs to add").typed("gpu-request").asHidden());
    }

    private static void addHealth(List<Flag> flags) {
        flags.add(Flag.of("health-cmd", Kind.TEXT, "Command that checks the container's health"));
        flags.add(Flag.of("health-interval", Kind.DURATION, "Time between two checks"));
        flags.add(Flag.of("health-retries", Kind.INT, "Checks that must fail in a row"));
        flags.add(Flag.of("health-start-interval", Kind.DURATION, "Time between two checks while starting"));
        flags.add(Flag.of("health-start-period", Kind.DURATION, "Time in which failures do not count"));
        flags.add(Flag.of("health-timeout", Kind.DURATION, "Longest time of one check"));
        flags.add(Flag.of("no-healthcheck", Kind.BOOL, "Ignore the image's health check"));
    }

    /// The flags of `update`: the limits that a container can be given later.
    public static List<Flag> forUpdate() {
        List<Flag> flags = new ArrayList<>();
        addChangeableLimits(flags);
        flags.add(Flag.of("restart", Kind.TEXT, "What to do when the container exits"));
        return flags;
    }

    private static void addChangeableLimits(List<Flag> flags) {
        flags.add(Flag.of("memory", "m", Kind.BYTES, "Limit of memory"));
        flags.add(Flag.of("memory-reservation", Kind.BYTES, "Memory that is left under pressure"));
        flags.add(Flag.of("memory-swap", Kind.BYTES_OR_UNLIMITED, "Limit of memory and swap together, -1 for none"));
        flags.add(Flag.of("kernel-memory", Kind.BYTES, "Limit of kernel memory").asHidden());
        flags.add(Flag.of("cpus", Kind.DECIMAL, "Number of processors"));
        flags.add(Flag.of("cpu-shares", "c", Kind.INT, "Relative weight of processor time"));
        flags.add(Flag.of("cpu-period", Kind.INT, "Period of the CFS quota in microseconds"));
        flags.add(Flag.of("cpu-quota", Kind.INT, "CFS quota in microseconds"));
        flags.add(Flag.of("cpu-rt-period", Kind.INT, "Period of real-time scheduling in microseconds"));
        flags.add(Flag.of("cpu-rt-runtime", Kind.INT, "Real-time budget of a period in microseconds"));
        flags.add(Flag.of("cpuset-cpus", Kind.TEXT, "Processors to run on, such as 0-3 or 0,1"));
        flags.add(Flag.of("cpuset-mems", Kind.TEXT, "Memory nodes to use, such as 0-3 or 0,1"));
        flags.add(Flag.of("pids-limit", Kind.INT, "Limit of processes and threads, -1 for none"));
        flags.add(Flag.of("blkio-weight", Kind.UINT16, "Relative weight of block I/O, 10 to 1000, 0 for none"));
    }

    private static void addResources(List<Flag> flags) {
        addChangeableLimits(flags);
        flags.add(Flag.of("memory-swappiness", Kind.INT, "How readily memory is swapped, 0 to 100")
                .withDefault("-1"));
        flags.add(Flag.of("ulimit", Kind.LIST, "Resource limit, NAME=SOFT[:HARD]")
                .typed("ulimit")
                .withDefault("[]")
                .checked(parsed(Ulimits::parse)));
        flags.add(Flag.of("oom-kill-disable", Kind.BOOL, "Let processes wait for memory instead of killing one"));
        flags.add(Flag.of("oom-score-adj", Kind.INT, "Preference of the OOM killer, -1000 to 1000"));
        flags.add(Flag.of("cgroup-parent", Kind.TEXT, "Cgroup above the container's"));
        addBlockDevices(flags);
    }

    private static void addBlockDevices(List<Flag> flags) {
        flags.add(Flag.of("blkio-weight-device", Kind.LIST, "Weight of one block device, DEVICE:WEIGHT")
                .withDefault("[]")
                .checked(parsed(Devices::weight)));
        flags.add(Flag.of("device-read-bps", Kind.LIST, "Limit of reading, DEVICE:BYTES a second")
                .withDefault("[]")
                .checked(parsed(Devices::bytesPerSecond)));
        flags.add(Flag.of("device-write-bps", Kind.LIST, "Limit of writing, DEVICE:BYTES a second")
                .withDefault("[]")
                .checked(parsed(Devices::bytesPerSecond)));
        flags.add(Flag.of("device-read-iops", Kind.LIST, "Limit of reading, DEVICE:OPERATIONS a second")
                .withDefault("[]")
                .checked(parsed(Devices::operationsPerSecond)));
        flags.add(Flag.of("device-write-iops", Kind.LIST, "Limit of writing, DEVICE:OPERATIONS a second")
                .withDefault("[]")
                .checked(parsed(Devices::operationsPerSecond)));
    }

    /// A check that only wants the value to parse.
    private static UnaryOperator<String> parsed(Function<String, ?> parser) {
        return value -> {
            Object _ = parser.apply(value);
            return value;
        };
    }

    private static String checkStream(String value) {
        String stream = value.toLowerCase(Locale.ROOT);
        if (!Set.of("stdin", "stdout", "stderr").contains(stream)) {
            throw new IllegalArgumentException("valid streams are STDIN, STDOUT and STDERR");
        }
        return stream;
    }

    /// `net_admin` is `CAP_NET_ADMIN`.
    private static String capability(String value) {
        String name = value.strip().toUpperCase(Locale.ROOT);
        return name.equals("ALL") || name.equals("RESET") || name.startsWith("CAP_") ? name : "CAP_" + name;
    }

    private static String checkLabel(String value) {
        if (value.isEmpty() || value.startsWith("=")) {
            throw new IllegalArgumentException("invalid label '" + value + "': empty name");
        }
        return value;
    }

    private static String checkSysctl(String value) {
        int equals = value.indexOf('=');
        String name = equals < 0 ? "" : value.substring(0, equals);
        if (!SYSCTLS.contains(name) && !name.startsWith("net.") && !name.startsWith("fs.mqueue.")) {
            throw new IllegalArgumentException("sysctl '" + value + "' is not allowed");
        }
        return value;
    }

    private static String checkHost(String value) {
        int separator = value.contains("=") ? value.indexOf('=') : value.indexOf(':');
        if (separator <= 0) {
            throw new IllegalArgumentException("bad format for add-host: \"" + value + "\"");
        }
        // the daemon knows the form with a colon alone
        return value.substring(0, separator) + ":" + value.substring(separator + 1);
    }
}
