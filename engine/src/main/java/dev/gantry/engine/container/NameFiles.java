package dev.gantry.engine.container;

import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.HostConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The files that tell a container names: /etc/hostname, /etc/hosts and /etc/resolv.conf.
final class NameFiles {
    private static final String LOCAL = """
            127.0.0.1\tlocalhost
            ::1\tlocalhost ip6-localhost ip6-loopback
            fe00::\tip6-localnet
            ff00::\tip6-mcastprefix
            ff02::1\tip6-allnodes
            ff02::2\tip6-allrouters
            """;

    /// Where systemd-resolved writes the servers behind its own 127.0.0.53, which a container cannot reach.
    private static final Path UPSTREAM = Path.of("/run/systemd/resolve/resolv.conf");

    private NameFiles() {}

    static void write(ContainerFiles files, ContainerConfig config, HostConfig host) throws IOException {
        write(files.hostname(), config.hostname() + "\n");
        boolean hostsNetwork = host.network().networkMode().equals("host");
        write(files.hosts(), hosts(hostsNetwork, host.network().extraHosts()));
        write(files.resolvConf(), resolvConf(host.network(), hostsNetwork));
    }

    /// What a container gets where its files are mounted, by target.
    static Map<String, String> mounts(ContainerFiles files) {
        return Map.of(
                "/etc/hostname", files.hostname().toString(),
                "/etc/hosts", files.hosts().toString(),
                "/etc/resolv.conf", files.resolvConf().toString());
    }

    private static void write(Path file, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        if (isThere(file, bytes)) {
            return; // on a full disk it could not be written again
        }
        Files.write(file, bytes);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }

    /// The size first: containers may make these files as large as they like.
    private static boolean isThere(Path file, byte[] content) throws IOException {
        return Files.exists(file)
                && Files.size(file) == content.length
                && Arrays.equals(content, Files.readAllBytes(file));
    }

    private static String hosts(boolean hostsNetwork, List<String> extra) throws IOException {
        var text = new StringBuilder(hostsNetwork ? readOrEmpty(Path.of("/etc/hosts")) : LOCAL);
        for (String entry : extra) {
            int separator = entry.indexOf('=') > 0 ? entry.indexOf('=') : entry.indexOf(':');
            String address = entry.substring(separator + 1).replaceAll("^\\[|\\]$", "");
            text.append(address).append('\t').append(entry, 0, separator).append('\n');
        }
        return text.toString();
    }

    private static String resolvConf(HostConfig.Network network, boolean hostsNetwork) throws IOException {
        String own = readOrEmpty(Path.of("/etc/resolv.conf"));
        boolean stub = own.contains("127.0.0.53") && Files.exists(UPSTREAM) && !hostsNetwork;
        String inherited = stub ? Files.readString(UPSTREAM) : own;
        var lines = new ArrayList<String>();
        network.dns().forEach(server -> lines.add("nameserver " + server));
        if (!network.dnsSearch().isEmpty() && !network.dnsSearch().equals(List.of("."))) {
            lines.add("search " + String.join(" ", network.dnsSearch()));
        }
        if (!network.dnsOptions().isEmpty()) {
            lines.add("options " + String.join(" ", network.dnsOptions()));
        }
        inherited.lines().filter(line -> isKept(line, network)).forEach(lines::add);
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    /// Whether a line of the host's file is not replaced by an option of the container.
    private static boolean isKept(String line, HostConfig.Network network) {
        String word = line.strip().split("\\s+", 2)[0];
        return switch (word) {
            case "nameserver" -> network.dns().isEmpty();
            case "search", "domain" -> network.dnsSearch().isEmpty();
            case "options" -> network.dnsOptions().isEmpty();
            default -> !word.isEmpty() && !word.startsWith("#") && !word.startsWith(";");
        };
    }

    private static String readOrEmpty(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException _) {
            return "";
        }
    }
}
