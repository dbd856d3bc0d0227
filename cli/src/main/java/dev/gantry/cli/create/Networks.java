package dev.gantry.cli.create;

import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.option.CommaSeparated;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `--network NAME` and its long form `--network name=NAME,alias=…,ip=…`, with the flags that belong to it.
final class Networks {
    private static final Set<String> BUILT_IN = Set.of("default", "bridge", "host", "none");

    private Networks() {}

    private static List<String> values(Arguments flags) {
        List<String> values = new ArrayList<>(flags.list("net"));
        values.addAll(flags.list("network"));
        return values;
    }

    /// What `NetworkMode` says: the first network.
    static String mode(Arguments flags) {
        List<String> values = values(flags);
        return values.isEmpty()
                ? "default"
                : Attachment.parse(values.getFirst()).name();
    }

    /// What `EndpointsConfig` says; a network without options of its own needs no entry.
    static JsonValue.Fields endpoints(Arguments flags) {
        List<Attachment> attachments = new ArrayList<>();
        values(flags).forEach(value -> attachments.add(Attachment.parse(value)));
        if (attachments.isEmpty()) {
            attachments.add(new Attachment("default", new LinkedHashMap<>()));
        }
        attachments.getFirst().addFlags(flags);
        requireOneKind(attachments);
        Map<String, JsonValue> endpoints = new LinkedHashMap<>();
        for (Attachment attachment : attachments) {
            boolean plain = attachments.size() == 1 && attachment.options().isEmpty();
            if (plain && !values(flags).isEmpty()) {
                continue;
            }
            if (endpoints.put(attachment.name(), attachment.endpoint()) != null) {
                throw new IllegalArgumentException("network \"" + attachment.name() + "\" is specified multiple times");
            }
        }
        return new JsonValue.Fields(endpoints);
    }

    private static void requireOneKind(List<Attachment> attachments) {
        long own = attachments.stream().filter(Attachment::isOwn).count();
        if (own > 0 && own < attachments.size()) {
            throw new IllegalArgumentException(
                    "conflicting options: cannot attach both user-defined and non-user-defined network-modes");
        }
    }

    private record Attachment(String name, Map<String, List<String>> options) {
        private static final Set<String> KNOWN =
                Set.of("alias", "ip", "ip6", "mac-address", "link-local-ip", "driver-opt", "gw-priority");

        static Attachment parse(String value) {
            Map<String, List<String>> options = new LinkedHashMap<>();
            if (!value.contains("=")) {
                return new Attachment(value, options);
            }
            String name = "";
            for (String field : CommaSeparated.fields(value)) {
                int equals = field.indexOf('=');
                String key = equals < 0 ? field : field.substring(0, equals);
                if (equals < 0) {
                    throw new IllegalArgumentException("invalid network option '" + field + "': it needs a value");
                }
                if (key.equals("name")) {
                    name = field.substring(equals + 1);
                } else if (KNOWN.contains(key)) {
                    options.computeIfAbsent(key, _ -> new ArrayList<>()).add(field.substring(equals + 1));
                } else {
                    throw new IllegalArgumentException("invalid field key " + key);
                }
            }
            if (name.isEmpty()) {
                throw new IllegalArgumentException("network name/id is not specified");
            }
            return new Attachment(name, options);
        }

        boolean isOwn() {
            return !BUILT_IN.contains(name) && !name.startsWith("container:");
        }

        void addFlags(Arguments flags) {
            List<String> aliases = new ArrayList<>(flags.list("net-alias"));
            aliases.addAll(flags.list("network-alias"));
            add("alias", "network-alias", aliases);
            add("link-local-ip", "link-local-ip", flags.list("link-local-ip"));
            if (isOwn()) {
                // on the default network links are the host configuration's
                add("link", "link", flags.list("link"));
            }
            for (String flag : List.of("ip", "ip6", "mac-address")) {
                add(flag, flag, flags.text(flag).isEmpty() ? List.of() : List.of(flags.text(flag)));
            }
            if (!isOwn() && options.containsKey("alias")) {
                throw new IllegalArgumentException(
                        "network-scoped aliases are only supported for user-defined networks");
            }
        }

        private void add(String key, String flag, List<String> values) {
            if (values.isEmpty()) {
                return;
            }
            if (options.containsKey(key)) {
                throw new IllegalArgumentException(
                        "conflicting options: cannot specify both --" + flag + " and per-network " + key);
            }
            options.put(key, values);
        }

        JsonValue endpoint() {
            JsonValue.Builder endpoint = JsonValue.object();
            JsonValue.Builder addresses = JsonValue.object();
            options.forEach((key, values) -> {
                switch (key) {
                    case "alias" -> endpoint.put("Aliases", values);
                    case "link" -> endpoint.put("Links", values);
                    case "mac-address" -> endpoint.put("MacAddress", values.getLast());
                    case "driver-opt" -> endpoint.put("DriverOpts", Pairs.map(values));
                    case "gw-priority" -> endpoint.put("GwPriority", Long.parseLong(values.getLast()));
                    case "ip" -> addresses.put("IPv4Address", values.getLast());
                    case "ip6" -> addresses.put("IPv6Address", values.getLast());
                    default -> addresses.put("LinkLocalIPs", values);
                }
            });
            JsonValue.Fields built = addresses.build();
            if (!built.members().isEmpty()) {
                endpoint.put("IPAMConfig", built);
            }
            return endpoint.build();
        }
    }
}
