package dev.gantry.daemon;

import static dev.gantry.daemon.Option.Effect.IGNORED;
import static dev.gantry.daemon.Option.Effect.REFUSED;
import static dev.gantry.daemon.Option.Effect.USED;
import static dev.gantry.daemon.Option.Kind.LIST;
import static dev.gantry.daemon.Option.Kind.SWITCH;
import static dev.gantry.daemon.Option.Kind.TEXT;

import dev.gantry.daemon.Option.Effect;
import dev.gantry.daemon.Option.Kind;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// dockerd's flags and the keys of daemon.json, in one table.
final class Options {
    static final String HOST = "host";
    static final String CONFIG_FILE = "config-file";
    static final String DEBUG = "debug";
    static final String LIVE_RESTORE = "live-restore";

    private static final String NO_NETWORK = "containers have no network but none and host yet";
    private static final String NO_TLS = "TLS is not supported yet: listen on a Unix socket, and reach it over ssh";

    static final List<Option> ALL = List.of(
            list(HOST, 'H', "hosts", "socket to listen on: unix:///path or tcp://127.0.0.1:port"),
            text("group", 'G', "group", "group that may use the Unix socket (default: docker, else gantry)"),
            text("data-root", '\0', "data-root", "durable state (default /var/lib/gantry)"),
            text("exec-root", '\0', "exec-root", "run-time state (default /run/gantry)"),
            text("pidfile", 'p', "pidfile", "file that holds the daemon's PID"),
            text(CONFIG_FILE, '\0', null, "configuration (default /etc/gantry/daemon.json)"),
            text("cgroup-parent", '\0', "cgroup-parent", "cgroup above all containers (default /gantry)"),
            list("label", '\0', "labels", "label of the daemon, key=value"),
            list("default-ulimit", '\0', "default-ulimits", "ulimit of containers, name=soft[:hard]"),
            list("log-opt", '\0', "log-opts", "option of the json-file log: max-size, max-file"),
            text("log-driver", '\0', "log-driver", "log driver of containers: json-file"),
            flag("init", "run an init in containers"),
            list("add-runtime", '\0', "runtimes", "another OCI runtime for containers to choose, name=path"),
            text("default-runtime", '\0', "default-runtime", "runtime of containers that choose none (default gantry)"),
            list("registry-mirror", '\0', "registry-mirrors", "URL of a mirror of docker.io"),
            list(
                    "insecure-registry",
                    '\0',
                    "insecure-registries",
                    "registry that needs no TLS, host[:port] or a network"),
            text("http-proxy", '\0', "http-proxy", "URL of a proxy for http; before HTTP_PROXY of the environment"),
            text("https-proxy", '\0', "https-proxy", "URL of a proxy for https; before HTTPS_PROXY"),
            text("no-proxy", '\0', "no-proxy", "hosts and networks that need no proxy; before NO_PROXY"),
            text("userns-remap", '\0', "userns-remap", "whom containers' users are: default, or user[:group]"),
            new Option(DEBUG, 'D', SWITCH, "debug", USED, "log more"),
            text("log-level", 'l', "log-level", "debug, info, warn or error (default info)"),
            flag(LIVE_RESTORE, "leave containers running when the daemon stops (default true)"),
            text("shutdown-timeout", '\0', "shutdown-timeout", "seconds for containers to stop (default 15)"),
            new Option("version", 'v', SWITCH, null, USED, "print the version and exit"),
            new Option("help", 'h', SWITCH, null, USED, "print this and exit"),
            // accepted, without an effect
            ignored("storage-driver", 's', TEXT, "storage-driver", "layers are overlays always"),
            ignored("storage-opt", LIST, "storage-opts", "overlays have no options"),
            ignored("exec-opt", LIST, "exec-opts", "cgroups are written directly, without systemd"),
            ignored(
                    "max-concurrent-downloads",
                    TEXT,
                    "max-concurrent-downloads",
                    "three layers of an image are fetched at once"),
            ignored(
                    "max-concurrent-uploads",
                    TEXT,
                    "max-concurrent-uploads",
                    "five layers of an image are sent at once"),
            ignored("bridge", 'b', TEXT, "bridge", NO_NETWORK),
            ignored("bip", TEXT, "bip", NO_NETWORK),
            ignored("fixed-cidr", TEXT, "fixed-cidr", NO_NETWORK),
            ignored("default-gateway", TEXT, "default-gateway", NO_NETWORK),
            ignored("default-address-pool", LIST, "default-address-pools", NO_NETWORK),
            ignored("dns", LIST, "dns", NO_NETWORK),
            ignored("dns-opt", LIST, "dns-opts", NO_NETWORK),
            ignored("dns-search", LIST, "dns-search", NO_NETWORK),
            ignored("icc", SWITCH, "icc", NO_NETWORK),
            ignored("ip", TEXT, "ip", NO_NETWORK),
            ignored("ip-forward", SWITCH, "ip-forward", NO_NETWORK),
            ignored("ip-masq", SWITCH, "ip-masq", NO_NETWORK),
            ignored("iptables", SWITCH, "iptables", NO_NETWORK),
            ignored("ip6tables", SWITCH, "ip6tables", NO_NETWORK),
            ignored("ipv6", SWITCH, "ipv6", NO_NETWORK),
            ignored("mtu", TEXT, "mtu", NO_NETWORK),
            ignored("userland-proxy", SWITCH, "userland-proxy", NO_NETWORK),
            ignored("containerd", TEXT, "containerd", "there is no containerd"),
            ignored("experimental", SWITCH, "experimental", "there are no experimental features"),
            ignored("oom-score-adjust", TEXT, "oom-score-adjust", "set it in the service's unit"),
            // refused: whoever sets one of these counts on it
            refused("authorization-plugin", LIST, "authorization-plugins", "plugins are not supported"),
            refused("no-new-privileges", SWITCH, "no-new-privileges", "set it for each container"),
            refused("seccomp-profile", TEXT, "seccomp-profile", "set it for each container"),
            refused("selinux-enabled", SWITCH, "selinux-enabled", "SELinux labels are not supported"),
            refused("rootless", SWITCH, null, "the daemon needs root"),
            refused("tls", SWITCH, "tls", NO_TLS),
            refused("tlsverify", SWITCH, "tlsverify", NO_TLS),
            refused("tlscacert", TEXT, "tlscacert", NO_TLS),
            refused("tlscert", TEXT, "tlscert", NO_TLS),
            refused("tlskey", TEXT, "tlskey", NO_TLS));

    private Options() {}

    static Optional<Option> named(String name) {
        return ALL.stream().filter(option -> option.name().equals(name)).findFirst();
    }

    static Optional<Option> lettered(char letter) {
        return ALL.stream().filter(option -> option.letter() == letter).findFirst();
    }

    static Optional<Option> keyed(String key) {
        return ALL.stream().filter(option -> key.equals(option.key())).findFirst();
    }

    private static Option list(String name, char letter, String key, String help) {
        return new Option(name, letter, LIST, key, USED, help);
    }

    private static Option text(String name, char letter, @Nullable String key, String help) {
        return new Option(name, letter, TEXT, key, USED, help);
    }

    private static Option flag(String name, String help) {
        return new Option(name, '\0', SWITCH, name, USED, help);
    }

    private static Option ignored(String name, Kind kind, String key, String reason) {
        return new Option(name, '\0', kind, key, IGNORED, reason);
    }

    private static Option ignored(String name, char letter, Kind kind, String key, String reason) {
        return new Option(name, letter, kind, key, Effect.IGNORED, reason);
    }

    private static Option refused(String name, Kind kind, @Nullable String key, String why) {
        return new Option(name, '\0', kind, key, REFUSED, why);
    }
}
