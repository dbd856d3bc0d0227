package dev.gantry.oci.image;

import dev.gantry.oci.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Ports of EXPOSE: `80`, `80/udp`, `8000-8010/tcp`.
final class PortRange {
    private static final Pattern PORTS = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?(?:/([A-Za-z]+))?");

    private PortRange() {}

    /// One entry `port/protocol` for each port.
    static List<String> parse(String text) throws MalformedException {
        Matcher matcher = PORTS.matcher(text);
        if (!matcher.matches()) {
            throw new MalformedException("invalid containerPort: " + text);
        }
        String protocol = matcher.group(3) == null ? "tcp" : matcher.group(3).toLowerCase(Locale.ROOT);
        int first = Integer.parseInt(matcher.group(1));
        int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
        if (!List.of("tcp", "udp", "sctp").contains(protocol)) {
            throw new MalformedException("invalid proto: " + protocol);
        }
        if (first > last || last > 65_535) {
            throw new MalformedException("invalid containerPort: " + text);
        }
        List<String> ports = new ArrayList<>();
        for (int port = first; port <= last; port++) {
            ports.add(port + "/" + protocol);
        }
        return ports;
    }
}
