package dev.gantry.daemon;

import dev.gantry.api.Listener;
import dev.gantry.daemon.Option.Effect;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the daemon was told, by flags and by its file, with the defaults filled in.
///
/// @param warnings about flags that were accepted and have no effect
record Settings(
        Map<String, List<String>> values, Path configFile, Map<String, List<String>> flags, List<String> warnings) {
    private static final String DEFAULT_CONFIG = "/etc/gantry/daemon.json";
    private static final String DEFAULT_SOCKET = "gantry.sock";

    /// Reads the arguments, and the file that they or the default name.
    static Settings read(List<String> arguments) throws UsageException, IOException {
        return read(CommandLine.parse(arguments));
    }

    private static Settings read(Map<String, List<String>> flags) throws UsageException, IOException {
        List<String> named = flags.getOrDefault(Options.CONFIG_FILE, List.of());
        Path configFile = Path.of(named.isEmpty() ? DEFAULT_CONFIG : named.getLast());
        Map<String, List<String>> file = ConfigFile.read(configFile, !named.isEmpty());
        ConfigFile.refuseConflicts(configFile, flags, file);
        Map<String, List<String>> values = new LinkedHashMap<>(file);
        values.putAll(flags);
        return new Settings(values, configFile, flags, judge(values));
    }

    /// The same flags with the file as it is now.
    Settings reread() throws UsageException, IOException {
        return read(flags);
    }

    private static List<String> judge(Map<String, List<String>> values) throws UsageException {
        List<String> warnings = new ArrayList<>();
        for (Map.Entry<String, List<String>> entry : values.entrySet()) {
            Option option = Options.named(entry.getKey()).orElseThrow();
            boolean off = entry.getValue().equals(List.of("false"));
            if (option.effect() == Effect.REFUSED && !off) {
                throw new UsageException("--" + option.name() + ": " + option.note());
            }
            if (option.effect() == Effect.IGNORED) {
                warnings.add("--" + option.name() + " has no effect: " + option.note());
            }
        }
        return warnings;
    }

    boolean isOn(String name) {
        return isOn(name, false);
    }

    boolean isOn(String name, boolean byDefault) {
        String given = text(name);
        return given == null ? byDefault : given.equals("true");
    }

    @Nullable
    String text(String name) {
        List<String> given = values.getOrDefault(name, List.of());
        return given.isEmpty() ? null : given.getLast();
    }

    List<String> list(String name) {
        return values.getOrDefault(name, List.of());
    }

    Path dataRoot() {
        return path("data-root", "/var/lib/gantry");
    }

    Path execRoot() {
        return path("exec-root", "/run/gantry");
    }

    private Path path(String name, String byDefault) {
        String given = text(name);
        return Path.of(given == null ? byDefault : given).toAbsolutePath().normalize();
    }

    String cgroupParent() {
        String given = text("cgroup-parent");
        return given == null ? "/gantry" : given;
    }

    Duration shutdownTimeout() throws UsageException {
        String given = text("shutdown-timeout");
        try {
            return Duration.ofSeconds(given == null ? 15 : Integer.parseInt(given));
        } catch (NumberFormatException _) {
            throw new UsageException(
                    "invalid argument \"" + given + "\" for \"--shutdown-timeout\" flag: want seconds");
        }
    }

    /// `name=value` pairs of a list flag.
    Map<String, String> pairs(String name) throws UsageException {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : list(name)) {
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                throw new UsageException("invalid argument \"" + pair + "\" for \"--" + name + "\": want name=value");
            }
            pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return pairs;
    }

    /// The sockets to listen on; by default the one in the default exec root.
    List<Listener> listeners(@Nullable String group) throws UsageException {
        List<String> hosts = list(Options.HOST);
        if (hosts.isEmpty()) {
            return List.of(new Listener.Unix(execRoot().resolve(DEFAULT_SOCKET), group));
        }
        List<Listener> listeners = new ArrayList<>();
        for (String host : hosts) {
            listeners.add(listener(host, group));
        }
        return listeners;
    }

    private static Listener listener(String host, @Nullable String group) throws UsageException {
        if (host.startsWith("unix://")) {
            String path = host.substring("unix://".length());
            if (path.isEmpty()) {
                throw new UsageException("--host " + host + ": want unix:///path");
            }
            return new Listener.Unix(Path.of(path).toAbsolutePath(), group);
        }
        if (host.startsWith("tcp://")) {
            return new Listener.Tcp(loopback(host));
        }
        if (host.startsWith("fd://")) {
            throw new UsageException("--host " + host + ": socket activation is not supported, use unix:///path");
        }
        throw new UsageException("--host " + host + ": want unix:///path or tcp://address:port");
    }

    private static InetSocketAddress loopback(String host) throws UsageException {
        try {
            URI uri = URI.create(host);
            if (uri.getHost() == null || uri.getPort() < 0) {
                throw new UsageException("--host " + host + ": want tcp://address:port");
            }
            InetAddress address = InetAddress.ofLiteral(
                    uri.getHost().toLowerCase(Locale.ROOT).equals("localhost") ? "127.0.0.1" : strip(uri.getHost()));
            if (!address.isLoopbackAddress()) {
                throw new UsageException("--host " + host
                        + ": without TLS only loopback addresses, because whoever connects is root on this host");
            }
            return new InetSocketAddress(address, uri.getPort());
        } catch (IllegalArgumentException _) {
            throw new UsageException("--host " + host + ": want a numeric address and a port");
        }
    }

    private static String strip(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
