package dev.gantry.cli.create;

import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.ByteSize;
import dev.gantry.cli.option.GoNumbers;
import java.util.regex.Pattern;

/// The flags about devices: `--device`, `--device-cgroup-rule`, the throttles and weights of block devices.
final class Devices {
    private static final Pattern RULE = Pattern.compile("^[acb] ([0-9]+|\\*):([0-9]+|\\*) [rwm]{1,3}$");
    private static final int LEAST_WEIGHT = 10;
    private static final int MOST_WEIGHT = 1000;

    private Devices() {}

    /// `HOST[:CONTAINER][:MODE]`
    static JsonValue mapping(String value) {
        String[] parts = value.split(":", -1);
        if (parts.length > 3 || parts[0].isEmpty()) {
            throw new IllegalArgumentException("bad format for path: " + value);
        }
        String target = parts[0];
        String mode = "rwm";
        if (parts.length == 2 && isMode(parts[1])) {
            mode = parts[1];
        } else if (parts.length >= 2) {
            target = parts[1];
        }
        if (parts.length == 3) {
            if (!isMode(parts[2])) {
                throw new IllegalArgumentException("bad mode specified: " + parts[2]);
            }
            mode = parts[2];
        }
        if (!target.startsWith("/")) {
            throw new IllegalArgumentException(target + " is not an absolute path");
        }
        return JsonValue.object()
                .put("PathOnHost", parts[0])
                .put("PathInContainer", target)
                .put("CgroupPermissions", mode)
                .build();
    }

    private static boolean isMode(String text) {
        return !text.isEmpty()
                && text.chars().allMatch(c -> "rwm".indexOf(c) >= 0)
                && text.chars().distinct().count() == text.length();
    }

    static String checkRule(String value) {
        if (!RULE.matcher(value).matches()) {
            throw new IllegalArgumentException("invalid device cgroup format '" + value + "'");
        }
        return value;
    }

    /// `PATH:RATE`, the rate in bytes with units.
    static JsonValue bytesPerSecond(String value) {
        return throttle(value, true);
    }

    /// `PATH:RATE`, the rate a whole number.
    static JsonValue operationsPerSecond(String value) {
        return throttle(value, false);
    }

    private static JsonValue throttle(String value, boolean bytes) {
        String[] parts = pair(value);
        String form = bytes
                ? "The correct format is <device-path>:<number>[<unit>]. Number must be a positive integer."
                        + " Unit is optional and can be kb, mb, or gb"
                : "The correct format is <device-path>:<number>. Number must be a positive integer";
        try {
            long rate = bytes ? ByteSize.parse(parts[1]) : GoNumbers.parseUint(parts[1], Long.MAX_VALUE);
            return JsonValue.object().put("Path", parts[0]).put("Rate", rate).build();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("invalid rate for device: " + value + ". " + form, e);
        }
    }

    /// `PATH:WEIGHT`
    static JsonValue weight(String value) {
        String[] parts = pair(value);
        long weight;
        try {
            weight = GoNumbers.parseUint(parts[1], 0xffff);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("invalid weight for device: " + value, e);
        }
        if (weight > 0 && (weight < LEAST_WEIGHT || weight > MOST_WEIGHT)) {
            throw new IllegalArgumentException("invalid weight for device: " + value);
        }
        return JsonValue.object().put("Path", parts[0]).put("Weight", weight).build();
    }

    private static String[] pair(String value) {
        int colon = value.indexOf(':');
        if (colon <= 0 || colon == value.length() - 1) {
            throw new IllegalArgumentException("bad format: " + value);
        }
        if (!value.startsWith("/dev/")) {
            throw new IllegalArgumentException("bad format for device path: " + value);
        }
        return new String[] {value.substring(0, colon), value.substring(colon + 1)};
    }
}
