package dev.gantry.oci.image;

import dev.gantry.oci.MalformedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The HEALTHCHECK instruction: `[--option=value…] CMD command` or `NONE`.
final class HealthcheckChange {
    private static final Set<String> OPTIONS =
            Set.of("interval", "timeout", "start-period", "start-interval", "retries");
    private static final Pattern DURATION_PART = Pattern.compile("([0-9]*\\.?[0-9]+)(ns|us|µs|ms|s|m|h)");
    private static final long MINIMUM = 1_000_000; // one millisecond: container.MinimumDuration

    private HealthcheckChange() {}

    static Healthcheck parse(String text) throws MalformedException {
        Map<String, String> options = new HashMap<>();
        String rest = text;
        while (rest.startsWith("--")) {
            String[] parts = rest.split("\\s+", 2);
            option(parts[0], options);
            rest = parts.length == 2 ? parts[1] : "";
        }
        String[] parts = rest.split("\\s+", 2);
        String command = parts.length == 2 ? parts[1].strip() : "";
        return switch (parts[0].toUpperCase(Locale.ROOT)) {
            case "NONE" -> none(command);
            case "CMD" -> check(command, options);
            case "" -> throw new MalformedException("Missing command after HEALTHCHECK");
            default ->
                throw new MalformedException(
                        "Unknown type \"%s\" in HEALTHCHECK (try CMD)".formatted(parts[0].toUpperCase(Locale.ROOT)));
        };
    }

    private static void option(String word, Map<String, String> options) throws MalformedException {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word.substring(2) : word.substring(2, equals);
        if (!OPTIONS.contains(name)) {
            throw new MalformedException("unknown flag: " + name);
        }
        if (equals < 0) {
            throw new MalformedException("missing a value on flag: " + name);
        }
        if (options.put(name, word.substring(equals + 1)) != null) {
            throw new MalformedException("duplicate flag specified: " + name);
        }
    }

    private static Healthcheck none(String rest) throws MalformedException {
        if (!rest.isEmpty()) {
            throw new MalformedException("HEALTHCHECK NONE takes no arguments");
        }
        return Healthcheck.none();
    }

    private static Healthcheck check(String command, Map<String, String> options) throws MalformedException {
        if (command.isEmpty()) {
            throw new MalformedException("Missing command after HEALTHCHECK CMD");
        }
        List<String> exec = ConfigChange.command(command, List.of());
        List<String> test = new ArrayList<>();
        test.add(exec.size() == 1 && exec.getFirst().equals(command) ? "CMD-SHELL" : "CMD");
        test.addAll(exec);
        return new Healthcheck(
                test,
                duration("interval", options),
                duration("timeout", options),
                duration("start-period", options),
                duration("start-interval", options),
                retries(options.get("retries")));
    }

    private static @Nullable Integer retries(@Nullable String text) throws MalformedException {
        if (text == null) {
            return null;
        }
        if (!text.matches("[0-9]{1,9}")) {
            throw new MalformedException("--retries must be a non-negative integer, got \"%s\"".formatted(text));
        }
        return Integer.valueOf(text);
    }

    // Go's time.ParseDuration: a sequence of numbers with units
    private static @Nullable Long duration(String name, Map<String, String> options) throws MalformedException {
        String text = options.get(name);
        if (text == null) {
            return null;
        }
        if (text.equals("0")) {
            return 0L;
        }
        Matcher part = DURATION_PART.matcher(text);
        double total = 0;
        int end = 0;
        while (part.find() && part.start() == end) {
            total += Double.parseDouble(part.group(1)) * nanoseconds(part.group(2));
            end = part.end();
        }
        if (end == 0 || end != text.length() || total > Long.MAX_VALUE) {
            throw new MalformedException("time: invalid duration \"%s\"".formatted(text));
        }
        if (total != 0 && total < MINIMUM) {
            throw new MalformedException("Interval \"%s\" cannot be less than 1ms".formatted(name));
        }
        return Math.round(total);
    }

    private static double nanoseconds(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "ms" -> 1e6;
            case "s" -> 1e9;
            case "m" -> 60e9;
            case "h" -> 3_600e9;
            default -> 1e3;
        };
    }
}
