package dev.gantry.cli.create;

import dev.gantry.cli.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// `--publish [ip:][host[-host]:]port[-port][/proto]` and `--expose`.
final class Ports {
    private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "sctp");

    private final Map<String, List<JsonValue>> bindings = new LinkedHashMap<>();
    private final Map<String, JsonValue> exposed = new LinkedHashMap<>();

    private Ports() {}

    static Ports parse(List<String> publish, List<String> expose) {
        Ports ports = new Ports();
        publish.forEach(ports::publish);
        expose.forEach(ports::expose);
        return ports;
    }

    JsonValue bindings() {
        JsonValue.Builder object = JsonValue.object();
        bindings.forEach((port, hosts) -> object.put(port, new JsonValue.Items(hosts)));
        return object.build();
    }

    JsonValue exposed() {
        return new JsonValue.Fields(exposed);
    }

    private void publish(String value) {
        String spec = value.contains("=") ? fromLongForm(value) : value;
        String protocol = protocol(spec, value);
        String rest = spec.contains("/") ? spec.substring(0, spec.lastIndexOf('/')) : spec;
        int last = rest.lastIndexOf(':');
        Range container = Range.parse(rest.substring(last + 1), "invalid containerPort: ");
        String host = "";
        String ip = "";
        if (last >= 0) {
            String before = rest.substring(0, last);
            int colon = before.lastIndexOf(':');
            host = before.substring(colon + 1);
            ip = colon < 0 ? "" : before.substring(0, colon);
        }
        if (ip.startsWith("[") && ip.endsWith("]")) {
            ip = ip.substring(1, ip.length() - 1);
        }
        Range hosts = host.isEmpty() ? Range.NONE : Range.parse(host, "invalid hostPort: ");
        boolean fits = hosts.equals(Range.NONE) || hosts.size() == container.size() || container.size() == 1;
        if (!fits) {
            throw new IllegalArgumentException("invalid ranges specified for container and host Ports: "
                    + rest.substring(last + 1) + " and " + host);
        }
        for (int i = 0; i < container.size(); i++) {
            String port = container.first() + i + "/" + protocol;
            exposed.put(port, JsonValue.object().build());
            bindings.computeIfAbsent(port, _ -> new ArrayList<>())
                    .add(JsonValue.object()
                            .put("HostIp", ip)
                            .put("HostPort", hostPort(hosts, container, i))
                            .build());
        }
    }

    private static String hostPort(Range hosts, Range container, int i) {
        if (hosts.equals(Range.NONE)) {
            return "";
        }
        boolean anyOfRange = container.size() == 1 && hosts.size() > 1;
        return anyOfRange ? hosts.first() + "-" + hosts.last() : Integer.toString(hosts.first() + i);
    }

    private static String fromLongForm(String value) {
        Map<String, String> parameters = new LinkedHashMap<>(Map.of("protocol", "tcp", "published", "", "target", ""));
        for (String parameter : value.split(",", -1)) {
            int equals = parameter.indexOf('=');
            if (equals <= 0) {
                throw new IllegalArgumentException(
                        "invalid publish opts format (should be name=value but got '" + parameter + "')");
            }
            parameters.put(parameter.substring(0, equals), parameter.substring(equals + 1));
        }
        return parameters.get("published") + ":" + parameters.get("target") + "/" + parameters.get("protocol");
    }

    private void expose(String value) {
        String protocol = protocol(value, value);
        String range = value.contains("/") ? value.substring(0, value.lastIndexOf('/')) : value;
        Range ports = Range.parse(range, "invalid range format for --expose: ");
        for (int i = 0; i < ports.size(); i++) {
            exposed.put(ports.first() + i + "/" + protocol, JsonValue.object().build());
        }
    }

    private static String protocol(String spec, String value) {
        int slash = spec.lastIndexOf('/');
        String protocol = slash < 0 ? "tcp" : spec.substring(slash + 1).toLowerCase(Locale.ROOT);
        if (!PROTOCOLS.contains(protocol)) {
            throw new IllegalArgumentException("invalid proto: " + protocol + " in " + value);
        }
        return protocol;
    }

    /// Ports from first to last; the range without ports is 0 to 0.
    private record Range(int first, int last) {
        static final Range NONE = new Range(0, 0);

        static Range parse(String text, String problem) {
            int dash = text.indexOf('-');
            try {
                int first = Integer.parseInt(dash < 0 ? text : text.substring(0, dash));
                int last = dash < 0 ? first : Integer.parseInt(text.substring(dash + 1));
                if (first >= 1 && first <= last && last <= 65535) {
                    return new Range(first, last);
                }
            } catch (NumberFormatException _) {
                // said below, together with numbers out of range
            }
            throw new IllegalArgumentException(problem + text);
        }

        int size() {
            return last - first + 1;
        }
    }
}
