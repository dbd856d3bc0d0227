package dev.gantry.cli.container;

import dev.gantry.cli.json.JsonValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Ports as `ps` shows them: neighbours together, then the ones with another number on the host.
final class PortList {
    private PortList() {}

    private record Group(String key, long first, long last) {
        String shown() {
            String protocol = key.substring(key.lastIndexOf('/') + 1);
            String ports = first == last ? Long.toString(first) : first + "-" + last;
            if (!key.contains("/")) {
                return ports + "/" + protocol;
            }
            return host(key.substring(0, key.lastIndexOf('/')), ports) + "->" + ports + "/" + protocol;
        }
    }

    static String shown(List<JsonValue> ports) {
        List<JsonValue> sorted = new ArrayList<>(ports);
        sorted.sort(Comparator.<JsonValue>comparingLong(port -> port.number("PrivatePort"))
                .thenComparing(port -> port.text("IP"))
                .thenComparingLong(port -> port.number("PublicPort"))
                .thenComparing(port -> port.text("Type")));
        List<String> shown = new ArrayList<>();
        List<String> mapped = new ArrayList<>();
        Map<String, Group> groups = new LinkedHashMap<>();
        for (JsonValue port : sorted) {
            long inner = port.number("PrivatePort");
            String ip = port.text("IP");
            if (!ip.isEmpty() && port.number("PublicPort") != inner) {
                mapped.add(host(ip, Long.toString(port.number("PublicPort"))) + "->" + inner + "/" + port.text("Type"));
                continue;
            }
            String key = ip.isEmpty() ? port.text("Type") : ip + "/" + port.text("Type");
            Group group = groups.get(key);
            if (group != null && group.last() + 1 != inner) {
                shown.add(group.shown());
                group = null;
            }
            groups.put(key, new Group(key, group == null ? inner : group.first(), inner));
        }
        groups.values().forEach(group -> shown.add(group.shown()));
        shown.addAll(mapped);
        return String.join(", ", shown);
    }

    private static String host(String ip, String port) {
        return (ip.contains(":") ? "[" + ip + "]" : ip) + ":" + port;
    }
}
