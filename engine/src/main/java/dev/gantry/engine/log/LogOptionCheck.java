package dev.gantry.engine.log;

import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.EngineException.Unsupported;
import dev.gantry.engine.config.LogConfig;
import dev.gantry.engine.refusal.UnsupportedFeature;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Judges the log options of a container that is to be made, as Docker does, and those of the daemon.
///
/// Those that are there are not judged again: what was taken once must not keep a daemon from taking a container back.
public final class LogOptionCheck {
    private static final String MODE = "mode";
    private static final String NON_BLOCKING = "non-blocking";
    private static final String BUFFER_SIZE = "max-buffer-size";
    private static final Set<String> MODES = Set.of("", "blocking", NON_BLOCKING);
    private static final Set<String> KNOWN_TO_JSON_FILE =
            Set.of("max-size", "max-file", "labels", "labels-regex", "env", "env-regex", "tag", "compress");
    private static final Set<String> KNOWN_TO_LOCAL = Set.of("max-size", "max-file", "compress");

    /// The sizes of `docker run --memory`.
    private static final Pattern MEMORY_SIZE = Pattern.compile("\\d+(\\.\\d+)? ?[kKmMgGtTpP]?[iI]?[bB]?");

    private LogOptionCheck() {}

    /// Refuses what no driver has, what this driver does not have, and values that cannot be.
    ///
    /// @param config with the defaults
    /// @throws Invalid for what Docker refuses, too
    /// @throws Unsupported for what only Gantry does not do
    public static void check(LogConfig config) {
        Map<String, String> options = config.config();
        if (!config.type().equals("none")) {
            checkMode(options);
        }
        switch (config.type()) {
            case "json-file" -> {
                checkNames(options, KNOWN_TO_JSON_FILE, "unknown log opt '%s' for json-file log driver");
                LogTag.check(options.getOrDefault("tag", ""));
                checkCompression(options);
            }
            case "local" -> {
                checkNames(options, KNOWN_TO_LOCAL, "unknown log opt '%s' for log driver local");
                checkCompression(options);
            }
            default -> {
                // has no options here
            }
        }
    }

    /// Refuses the same of the daemon, whose options are those of containers that have none of their own.
    /// dockerd starts with values that cannot be, and then starts no container.
    ///
    /// @param options of the driver json-file
    /// @throws Invalid if no container could be made with them
    /// @throws Unsupported for what only Gantry does not do
    public static void checkDaemon(Map<String, String> options) {
        try {
            check(new LogConfig("json-file", options));
            LogSettings.check(options);
        } catch (Invalid e) {
            throw new Invalid("log opts of the daemon: " + e.getMessage(), e);
        }
    }

    /// The options of all drivers: without effect, because output goes through a journal whatever they say.
    private static void checkMode(Map<String, String> options) {
        String mode = options.getOrDefault(MODE, "");
        if (!MODES.contains(mode)) {
            throw new Invalid("logger: logging mode not supported: " + mode);
        }
        String size = options.get(BUFFER_SIZE);
        if (size != null && !mode.equals(NON_BLOCKING)) {
            throw new Invalid("logger: max-buffer-size option is only supported with 'mode=non-blocking'");
        }
        if (size != null && !MEMORY_SIZE.matcher(size).matches()) {
            throw new Invalid("error parsing option max-buffer-size: invalid size: '" + size + "'");
        }
    }

    private static void checkNames(Map<String, String> options, Set<String> known, String refusal) {
        for (String name : options.keySet()) {
            if (!known.contains(name) && !name.equals(MODE) && !name.equals(BUFFER_SIZE)) {
                throw new Invalid(refusal.formatted(name));
            }
        }
    }

    private static void checkCompression(Map<String, String> options) {
        String compress = options.getOrDefault("compress", "false");
        switch (compress) {
            case "1", "t", "T", "true", "TRUE", "True" -> throw UnsupportedFeature.COMPRESSED_LOGS.refused();
            case "0", "f", "F", "false", "FALSE", "False" -> {
                // as it is
            }
            default -> throw new Invalid("strconv.ParseBool: parsing \"" + compress + "\": invalid syntax");
        }
    }
}
