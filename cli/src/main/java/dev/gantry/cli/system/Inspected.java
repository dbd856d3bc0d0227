package dev.gantry.cli.system;

import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.template.Struct;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An object of the API as Docker's client has it in Go types: fixed structs, in which an unknown name is an error,
/// with maps and lists at places that JSON alone does not show.
final class Inspected implements Struct {
    /// Members that are Go maps: any key may be asked for.
    private static final Set<String> MAPS = Set.of(
            "Labels",
            "Annotations",
            "Sysctls",
            "Tmpfs",
            "StorageOpt",
            "Ports",
            "PortBindings",
            "Networks",
            "Volumes",
            "ExposedPorts",
            "DriverOpts",
            "Options",
            "Data",
            "Attributes",
            "attributes",
            "Details",
            "Runtimes");
    /// Members that are Go slices: null shows as an empty list.
    private static final Set<String> LISTS = Set.of(
            "Args",
            "Binds",
            "CapAdd",
            "CapDrop",
            "Cmd",
            "DeviceCgroupRules",
            "DeviceRequests",
            "Devices",
            "Dns",
            "DnsOptions",
            "DnsSearch",
            "Entrypoint",
            "Env",
            "ExecIDs",
            "ExtraHosts",
            "GroupAdd",
            "Links",
            "MaskedPaths",
            "Mounts",
            "OnBuild",
            "ReadonlyPaths",
            "RepoDigests",
            "RepoTags",
            "SecurityOpt",
            "Shell",
            "Ulimits",
            "VolumesFrom",
            "Aliases");
    /// Members that are left out of JSON when they are empty, and pointers or texts in Go: asking for them is no
    /// mistake.
    private static final Map<String, Map<String, @Nullable Object>> OPTIONAL = Map.of(
            "State", nullable("Health"),
            "Config", nullable("Healthcheck", "StopTimeout", "Shell", "StopSignal"),
            "HostConfig", nullable("Init", "Annotations", "Mounts", "Tmpfs", "Sysctls", "StorageOpt"));

    /// A Go field whose name in JSON is another one; templates may use both.
    private static final Map<String, String> GO_NAMES = Map.of("APIVersion", "ApiVersion");

    private final String typeName;
    private final Map<String, @Nullable Object> fields;
    private final Map<String, @Nullable Object> optional;
    private final JsonValue source;

    private Inspected(String typeName, Map<String, @Nullable Object> fields, JsonValue source) {
        this.typeName = typeName;
        this.fields = fields;
        this.source = source;
        this.optional = OPTIONAL.getOrDefault(typeName, Map.of());
    }

    private static Map<String, @Nullable Object> nullable(String... names) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (String name : names) {
            map.put(name, MAPS.contains(name) ? Map.of() : LISTS.contains(name) ? List.of() : null);
        }
        return map;
    }

    /// The value as templates see it.
    static @Nullable Object of(JsonValue value) {
        return of("", value, false);
    }

    private static @Nullable Object of(String name, JsonValue value, boolean map) {
        return switch (value) {
            case JsonValue.Fields(var members) -> {
                Map<String, @Nullable Object> fields = new LinkedHashMap<>();
                // the options of a log driver are a map, every other Config is a struct
                members.forEach((key, member) -> fields.put(
                        key,
                        of(key, member, MAPS.contains(key) || (name.equals("LogConfig") && key.equals("Config")))));
                yield map ? fields : new Inspected(name, fields, value);
            }
            case JsonValue.Items(var values) -> {
                List<@Nullable Object> list = new ArrayList<>(values.size());
                values.forEach(element -> list.add(of(name, element, false)));
                yield list;
            }
            case JsonValue.Null _ -> map ? Map.of() : LISTS.contains(name) ? List.of() : null;
            case JsonValue.Text _, JsonValue.Numeral _, JsonValue.Bool _ -> value.plain();
        };
    }

    @Override
    public String typeName() {
        return typeName;
    }

    @Override
    public boolean has(String name) {
        return fields.containsKey(inJson(name)) || optional.containsKey(name);
    }

    @Override
    public @Nullable Object field(String name) {
        String known = inJson(name);
        return fields.containsKey(known) ? fields.get(known) : optional.get(name);
    }

    private static String inJson(String name) {
        return GO_NAMES.getOrDefault(name, name);
    }

    @Override
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        source.members().forEach((name, value) -> json.put(name, value.isNull() ? null : fields.get(name)));
        return json;
    }

    @Override
    public List<@Nullable Object> printed() {
        return new ArrayList<>(fields.values());
    }

    /// What Docker says after it has tried the raw JSON, too.
    @Override
    public String missing(String name) {
        return "map has no entry for key \"" + name + "\"";
    }
}
