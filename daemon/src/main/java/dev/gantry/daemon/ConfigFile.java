package dev.gantry.daemon;

import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// daemon.json: the same settings as the flags, under the keys of [Options].
final class ConfigFile {
    private ConfigFile() {}

    /// The file's values by flag name; none when there is no such file and nobody asked for it.
    ///
    /// @param required whether the file was named on the command line
    static Map<String, List<String>> read(Path path, boolean required) throws UsageException, IOException {
        if (!required && !Files.exists(path)) {
            return Map.of();
        }
        ObjectNode root;
        try {
            root = Json.read(Files.readAllBytes(path), ObjectNode.class);
        } catch (MalformedException e) {
            throw new UsageException(path + ": " + e.getMessage());
        } catch (IOException e) {
            throw new UsageException("open " + path + ": " + e.getMessage());
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        List<String> unknown = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : entries(root)) {
            var option = Options.keyed(entry.getKey());
            if (option.isPresent()) {
                values.put(option.get().name(), texts(path, entry.getKey(), entry.getValue()));
            } else {
                unknown.add(entry.getKey());
            }
        }
        if (!unknown.isEmpty()) {
            throw new UsageException("the daemon cannot be configured with file " + path
                    + ": the following directives don't match any configuration option: "
                    + String.join(", ", unknown));
        }
        return values;
    }

    /// The keys with their values; those of `proxies` stand one level deeper.
    private static List<Map.Entry<String, JsonNode>> entries(ObjectNode root) {
        List<Map.Entry<String, JsonNode>> entries = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            if (entry.getKey().equals("proxies") && entry.getValue().isObject()) {
                entries.addAll(entry.getValue().properties());
            } else {
                entries.add(entry);
            }
        }
        return entries;
    }

    /// Refuses what both sources set, as dockerd does: which one counts would be a guess.
    static void refuseConflicts(Path path, Map<String, List<String>> flags, Map<String, List<String>> file)
            throws UsageException {
        List<String> conflicts = new ArrayList<>();
        Set<String> inBoth = new TreeSet<>(flags.keySet());
        inBoth.retainAll(file.keySet());
        for (String name : inBoth) {
            String key = Options.named(name).map(Option::key).orElse(name);
            conflicts.add(key + ": (from flag: " + flags.get(name) + ", from file: " + file.get(name) + ")");
        }
        if (!conflicts.isEmpty()) {
            throw new UsageException("the daemon cannot be configured with file " + path
                    + ": the following directives are specified both as a flag and in the configuration file: "
                    + String.join(", ", conflicts));
        }
    }

    private static List<String> texts(Path path, String key, JsonNode value) throws UsageException {
        List<String> texts = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(element -> texts.add(element.isValueNode() ? element.asString() : element.toString()));
        } else if (value.isObject()) {
            for (Map.Entry<String, JsonNode> entry : value.properties()) {
                texts.add(entry.getKey() + "=" + limit(entry.getValue()));
            }
        } else if (value.isValueNode() && !value.isNull()) {
            texts.add(value.asString());
        } else {
            throw new UsageException(path + ": " + key + " has no value");
        }
        return texts;
    }

    /// `{"Name": "nofile", "Soft": 1, "Hard": 2}` of default-ulimits, or the plain text of other maps.
    private static String limit(JsonNode value) {
        if (value.isObject() && value.has("Soft")) {
            return value.path("Soft").asString() + ":"
                    + value.path("Hard").asString(value.path("Soft").asString());
        }
        return value.isValueNode() ? value.asString() : value.toString();
    }
}
