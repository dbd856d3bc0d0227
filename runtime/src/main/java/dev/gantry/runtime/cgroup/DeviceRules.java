package dev.gantry.runtime.cgroup;

import dev.gantry.oci.runtime.DeviceRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The device rules of a specification in the one form that both versions understand: what holds without a
/// rule, and rules for either character or block devices, of which the last one that fits decides.
///
/// @param allowed what holds for a device that no rule fits
record DeviceRules(boolean allowed, List<Rule> rules) {
    /// Any number.
    static final long ANY = -1;

    private static final String ITEM = "linux.resources.devices: ";
    private static final String EVERY_ACCESS = "rwm";
    private static final List<String> EVERY_TYPE = List.of("c", "b");

    /// What every container may use, unless its rules say otherwise: nodes may be made, these devices opened.
    /// As in runc.
    private static final List<Rule> DEFAULTS = List.of(
            new Rule(true, "c", ANY, ANY, "m"),
            new Rule(true, "b", ANY, ANY, "m"),
            character(1, 3),
            character(1, 8),
            character(1, 7),
            character(5, 0),
            character(1, 5),
            character(1, 9),
            character(136, ANY),
            character(5, 2));

    DeviceRules {
        rules = List.copyOf(rules);
    }

    /// @param type `c` or `b`
    /// @param major or [#ANY]
    /// @param minor or [#ANY]
    /// @param access out of `r`, `w` and `m`
    record Rule(boolean allow, String type, long major, long minor, String access) {
        /// As cgroup v1 has it.
        String line() {
            return "%s %s:%s %s".formatted(type, number(major), number(minor), access);
        }

        private static String number(long value) {
            return value == ANY ? "*" : Long.toString(value);
        }
    }

    private static Rule character(long major, long minor) {
        return new Rule(true, "c", major, minor, EVERY_ACCESS);
    }

    static DeviceRules of(List<DeviceRule> rules) throws IOException {
        boolean allowed = false;
        List<Rule> result = new ArrayList<>(DEFAULTS);
        for (DeviceRule rule : rules) {
            String access = access(rule);
            List<String> types = types(rule);
            long major = number(rule.major());
            long minor = number(rule.minor());
            if (types.equals(EVERY_TYPE) && major == ANY && minor == ANY && access.equals(EVERY_ACCESS)) {
                // nothing before it counts any more
                allowed = rule.allow();
                result.clear();
                result.addAll(allowed ? List.of() : DEFAULTS);
            } else {
                types.forEach(type -> result.add(new Rule(rule.allow(), type, major, minor, access)));
            }
        }
        return new DeviceRules(allowed, result);
    }

    private static List<String> types(DeviceRule rule) throws IOException {
        String type = rule.type() == null || rule.type().isEmpty() ? "a" : rule.type();
        return switch (type) {
            case "a" -> EVERY_TYPE;
            case "c", "u" -> List.of("c");
            case "b" -> List.of("b");
            default -> throw new IOException(ITEM + "got type \"" + type + "\", want a, c, u or b");
        };
    }

    private static String access(DeviceRule rule) throws IOException {
        String access = rule.access() == null || rule.access().isEmpty() ? EVERY_ACCESS : rule.access();
        if (!access.matches("[rwm]+")) {
            throw new IOException(ITEM + "got access \"" + access + "\", want a composition of r, w and m");
        }
        // each letter once, in the usual order
        return Stream.of("r", "w", "m").filter(access::contains).collect(Collectors.joining());
    }

    private static long number(@Nullable Long value) {
        return value == null || value < 0 ? ANY : value;
    }
}
