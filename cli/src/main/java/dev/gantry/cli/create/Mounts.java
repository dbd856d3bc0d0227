package dev.gantry.cli.create;

import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.ByteSize;
import dev.gantry.cli.option.CommaSeparated;
import dev.gantry.cli.option.GoNumbers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// `--mount type=bind,source=/a,target=/b,readonly`: comma-separated fields with quotes where needed.
final class Mounts {
    private static final Set<String> TRUTH_VALUES =
            Set.of("readonly", "ro", "volume-nocopy", "bind-nonrecursive", "bind-create-src");

    private final JsonValue.Builder mount = JsonValue.object();
    private final Map<String, JsonValue> bind = new LinkedHashMap<>();
    private final Map<String, JsonValue> volume = new LinkedHashMap<>();
    private final Map<String, JsonValue> driver = new LinkedHashMap<>();
    private final Map<String, String> driverOptions = new LinkedHashMap<>();
    private final Map<String, String> volumeLabels = new LinkedHashMap<>();
    private final Map<String, JsonValue> image = new LinkedHashMap<>();
    private final Map<String, JsonValue> tmpfs = new LinkedHashMap<>();
    private String type = "volume";
    private String source = "";
    private String target = "";
    private boolean readOnly;

    private Mounts() {}

    /// The mount as the create request has it.
    ///
    /// @throws IllegalArgumentException with Docker's text
    static JsonValue parse(String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("value is empty");
        }
        Mounts parsed = new Mounts();
        List<String> fields = CommaSeparated.fields(value.strip());
        fields.forEach(parsed::field);
        return parsed.build();
    }

    private void field(String field) {
        int equals = field.indexOf('=');
        String key = equals < 0 ? field : field.substring(0, equals);
        if (!key.strip().equals(key)) {
            throw new IllegalArgumentException(
                    "invalid option '" + key.strip() + "' in '" + field + "': option should not have whitespace");
        }
        String name = key.toLowerCase(Locale.ROOT);
        if (equals < 0) {
            if (!TRUTH_VALUES.contains(name)) {
                throw new IllegalArgumentException("invalid field '" + field + "' must be a key=value pair");
            }
            set(name, "true", field);
            return;
        }
        String value = field.substring(equals + 1);
        if (value.isBlank()) {
            throw new IllegalArgumentException("invalid value for '" + key + "': value is empty");
        }
        if (!value.strip().equals(value)) {
            throw new IllegalArgumentException(
                    "invalid value for '" + key + "' in '" + field + "': value should not have whitespace");
        }
        set(name, value, field);
    }

    private void set(String name, String value, String field) {
        switch (name) {
            case "type" -> type = value.toLowerCase(Locale.ROOT);
            case "source", "src" -> source = HostPath.absolute(value);
            case "target", "dst", "destination" -> target = value;
            case "readonly", "ro" -> readOnly = truth(name, value);
            case "consistency" -> mount.put("Consistency", value.toLowerCase(Locale.ROOT));
            case "bind-propagation" -> bind.put("Propagation", new JsonValue.Text(value.toLowerCase(Locale.ROOT)));
            case "bind-recursive" -> recursive(name, value);
            case "bind-nonrecursive" -> bind.put("NonRecursive", new JsonValue.Bool(truth(name, value)));
            case "bind-create-src" -> bind.put("CreateMountpoint", new JsonValue.Bool(truth(name, value)));
            case "volume-subpath" -> volume.put("Subpath", new JsonValue.Text(value));
            case "volume-nocopy" -> volume.put("NoCopy", new JsonValue.Bool(truth(name, value)));
            case "volume-label" -> pair(volumeLabels, value);
            case "volume-driver" -> driver.put("Name", new JsonValue.Text(value));
            case "volume-opt" -> pair(driverOptions, value);
            case "image-subpath" -> image.put("Subpath", new JsonValue.Text(value));
            case "tmpfs-size" -> tmpfs.put("SizeBytes", numeral(tmpfsSize(name, value)));
            case "tmpfs-mode" -> tmpfs.put("Mode", numeral(mode(name, value)));
            default -> throw new IllegalArgumentException("unknown option '" + name + "' in '" + field + "'");
        }
    }

    private static boolean truth(String name, String value) {
        try {
            return GoNumbers.parseBool(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("invalid value for " + name + ": " + value, e);
        }
    }

    private void recursive(String name, String value) {
        switch (value) {
            case "enabled" -> {}
            case "disabled" -> bind.put("NonRecursive", new JsonValue.Bool(true));
            case "writable" -> bind.put("ReadOnlyNonRecursive", new JsonValue.Bool(true));
            case "readonly" -> bind.put("ReadOnlyForceRecursive", new JsonValue.Bool(true));
            default ->
                throw new IllegalArgumentException("invalid value for " + name + ": " + value
                        + " (must be \"enabled\", \"disabled\", \"writable\", or \"readonly\")");
        }
    }

    private void checkRecursive() {
        if (bind.containsKey("ReadOnlyNonRecursive")) {
            require(readOnly, "writable", "readonly");
        }
        if (bind.containsKey("ReadOnlyForceRecursive")) {
            require(readOnly, "readonly", "readonly");
            boolean lone = new JsonValue.Text("rprivate").equals(bind.get("Propagation"));
            require(lone, "readonly", "bind-propagation=rprivate");
        }
    }

    private static void require(boolean given, String recursion, String other) {
        if (!given) {
            throw new IllegalArgumentException("option 'bind-recursive=" + recursion + "' requires '" + other
                    + "' to be specified in conjunction");
        }
    }

    private static void pair(Map<String, String> into, String value) {
        int equals = value.indexOf('=');
        into.put(equals < 0 ? value : value.substring(0, equals), equals < 0 ? "" : value.substring(equals + 1));
    }

    private static long tmpfsSize(String name, String value) {
        try {
            return ByteSize.parse(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("invalid value for " + name + ": " + value, e);
        }
    }

    private static long mode(String name, String value) {
        try {
            return Integer.parseUnsignedInt(value, 8);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("invalid value for " + name + ": " + value, e);
        }
    }

    private static JsonValue numeral(long value) {
        return new JsonValue.Numeral(Long.toString(value));
    }

    private JsonValue build() {
        if (type.isEmpty()) {
            throw new IllegalArgumentException("type is required");
        }
        if (target.isEmpty()) {
            throw new IllegalArgumentException("target is required");
        }
        boolean otherVolume =
                !volume.isEmpty() || !driver.isEmpty() || !driverOptions.isEmpty() || !volumeLabels.isEmpty();
        refuseMix("volume", otherVolume);
        refuseMix("bind", !bind.isEmpty());
        refuseMix("image", !image.isEmpty());
        refuseMix("tmpfs", !tmpfs.isEmpty());
        checkRecursive();
        mount.put("Type", type).put("Target", target).put("ReadOnly", readOnly);
        if (!source.isEmpty()) {
            mount.put("Source", source);
        }
        if (!bind.isEmpty()) {
            mount.put("BindOptions", new JsonValue.Fields(bind));
        }
        if (otherVolume) {
            mount.put("VolumeOptions", volumeOptions());
        }
        if (!image.isEmpty()) {
            mount.put("ImageOptions", new JsonValue.Fields(image));
        }
        if (!tmpfs.isEmpty()) {
            mount.put("TmpfsOptions", new JsonValue.Fields(tmpfs));
        }
        return mount.build();
    }

    private JsonValue volumeOptions() {
        JsonValue.Builder options = JsonValue.object();
        volume.forEach(options::put);
        if (!volumeLabels.isEmpty()) {
            options.put("Labels", volumeLabels);
        }
        if (!driver.isEmpty() || !driverOptions.isEmpty()) {
            JsonValue.Builder config = JsonValue.object();
            driver.forEach(config::put);
            options.put("DriverConfig", config.put("Options", driverOptions).build());
        }
        return options.build();
    }

    private void refuseMix(String kind, boolean used) {
        if (used && !type.equals(kind)) {
            throw new IllegalArgumentException("cannot mix '" + kind + "-*' options with mount type '" + type + "'");
        }
    }
}
