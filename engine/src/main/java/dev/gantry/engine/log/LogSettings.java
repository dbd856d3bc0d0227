package dev.gantry.engine.log;

import dev.gantry.engine.EngineException;
import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.EngineException.Unsupported;
import dev.gantry.engine.config.ConfigJson;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.LogConfig;
import dev.gantry.engine.refusal.UnsupportedFeature;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// What a container's log configuration means.
///
/// @param maxSize bytes of a file before it is rotated; negative is unlimited
/// @param maxFiles files kept, the current one among them
/// @param attributes a JSON object for each record, or empty
public record LogSettings(LogDriver driver, long maxSize, int maxFiles, String attributes) {
    /// Gantry's defaults where Docker's logs grow without end.
    public static final long DEFAULT_MAX_SIZE = 10_000_000;

    /// That of the driver `local`, as Docker's.
    public static final long DEFAULT_LOCAL_MAX_SIZE = 20_000_000;

    /// Files kept unless `max-file` says otherwise.
    public static final int DEFAULT_MAX_FILES = 5;

    private static final Set<String> OTHER_DRIVERS =
            Set.of("syslog", "journald", "gelf", "fluentd", "awslogs", "splunk", "etwlogs", "gcplogs");

    /// Whether anything is kept.
    boolean enabled() {
        return driver != LogDriver.NONE;
    }

    LogFormat format() {
        return switch (driver) {
            case JSON_FILE, NONE -> new JsonFormat(attributes);
            case LOCAL -> new LocalFormat();
        };
    }

    /// Reads a log configuration whose defaults are filled in, and that has passed a [LogOptionCheck] once.
    ///
    /// @param subject as it is called now
    /// @throws Invalid for values that mean nothing
    /// @throws Unsupported for other drivers
    public static LogSettings of(LogConfig config, ContainerConfig container, LogSubject subject) {
        return switch (config.type()) {
            case "none" -> new LogSettings(LogDriver.NONE, 0, 0, "");
            case "json-file" -> jsonFile(config.config(), attributes(config.config(), container, subject));
            case "local" -> local(config.config());
            default -> throw otherDriver(config.type());
        };
    }

    /// Judges the values of json-file's options, whatever a container is like.
    ///
    /// @throws Invalid for values that mean nothing
    static void check(Map<String, String> options) {
        LogSettings _ = jsonFile(options, "");
        choose(new TreeMap<>(), Map.of(), options, "labels");
        choose(new TreeMap<>(), Map.of(), options, "env");
    }

    private static EngineException otherDriver(String name) {
        return OTHER_DRIVERS.contains(name)
                ? UnsupportedFeature.LOG_DRIVERS.refused(name)
                : new Invalid("logger: no log driver named '" + name + "' is registered");
    }

    private static LogSettings jsonFile(Map<String, String> options, String attributes) {
        long maxSize = options.containsKey("max-size") ? size(options.get("max-size")) : DEFAULT_MAX_SIZE;
        int maxFiles = options.containsKey("max-file") ? files(options.get("max-file")) : DEFAULT_MAX_FILES;
        return new LogSettings(LogDriver.JSON_FILE, maxSize, maxFiles, attributes);
    }

    private static LogSettings local(Map<String, String> options) {
        long maxSize = options.containsKey("max-size") ? size(options.get("max-size")) : DEFAULT_LOCAL_MAX_SIZE;
        int maxFiles = options.containsKey("max-file") ? files(options.get("max-file")) : DEFAULT_MAX_FILES;
        return new LogSettings(LogDriver.LOCAL, maxSize, maxFiles, "");
    }

    private static int files(String text) {
        try {
            int files = Integer.parseInt(text);
            if (files >= 1) {
                return files;
            }
        } catch (NumberFormatException _) {
            // told below, as a number out of range
        }
        throw new Invalid("max-file must be a number of 1 or more, got '" + text + "'");
    }

    /// Docker's decimal sizes: `10m` is ten million bytes.
    static long size(String text) {
        String number = text.trim().toLowerCase(Locale.ROOT).replaceFirst("i?b?$", "");
        long unit = 1;
        int last = number.isEmpty() ? -1 : "kmgtp".indexOf(number.charAt(number.length() - 1));
        if (last >= 0) {
            unit = (long) Math.pow(1000, last + 1.0);
            number = number.substring(0, number.length() - 1);
        }
        try {
            double value = Double.parseDouble(number.trim());
            if (value > 0 && value * unit < Long.MAX_VALUE) {
                return (long) (value * unit);
            } else if (value == -1 && unit == 1) {
                return -1;
            }
        } catch (NumberFormatException _) {
            // told below, as a size out of range
        }
        throw new Invalid("invalid size: '" + text + "'");
    }

    private static String attributes(Map<String, String> options, ContainerConfig container, LogSubject subject) {
        var environment = new TreeMap<String, String>();
        for (String entry : container.env()) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                environment.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        var chosen = new TreeMap<String, String>();
        choose(chosen, container.labels(), options, "labels");
        choose(chosen, environment, options, "env");
        String tag = LogTag.expanded(options.getOrDefault("tag", ""), subject);
        if (!tag.isEmpty()) {
            chosen.put("tag", tag);
        }
        return chosen.isEmpty() ? "" : ConfigJson.mapper().writeValueAsString(chosen);
    }

    private static void choose(
            Map<String, String> chosen, Map<String, String> from, Map<String, String> options, String option) {
        List<String> names = List.of(options.getOrDefault(option, "").split(",", -1));
        String expression = options.getOrDefault(option + "-regex", "");
        try {
            Pattern pattern = expression.isEmpty() ? null : Pattern.compile(expression);
            from.forEach((name, value) -> {
                if (names.contains(name)
                        || (pattern != null && pattern.matcher(name).find())) {
                    chosen.put(name, value);
                }
            });
        } catch (PatternSyntaxException e) {
            throw new Invalid("log opt " + option + "-regex: " + e.getDescription(), e);
        }
    }
}
