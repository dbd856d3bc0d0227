package dev.gantry.cli.command;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// A platform as users write it, `os[/architecture[/variant]]`, and as the API takes it.
public final class PlatformArgument {
    private static final Pattern COMPONENT = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final Set<String> SYSTEMS = Set.of(
            "aix", "android", "darwin", "dragonfly", "freebsd", "linux", "netbsd", "openbsd", "solaris", "windows");

    private PlatformArgument() {}

    /// The JSON document of the API; empty for an empty text.
    ///
    /// @throws CommandException if a component has other characters than letters, digits, `_`, `.` and `-`
    public static String json(String text) throws CommandException {
        if (text.isEmpty()) {
            return "";
        }
        String[] parts = text.split("/", -1);
        for (String part : parts) {
            if (parts.length > 3 || !COMPONENT.matcher(part).matches()) {
                throw new CommandException("invalid platform: \"" + part + "\" is an invalid component of \"" + text
                        + "\": platform specifier component must match os[/arch[/variant]]");
            }
        }
        String os = parts[0].toLowerCase(Locale.ROOT);
        if (parts.length == 1) {
            return SYSTEMS.contains(os)
                    ? document(os, System.getProperty("os.arch", "amd64"), "")
                    : document("linux", os, "");
        }
        return document(os, parts[1].toLowerCase(Locale.ROOT), parts.length == 3 ? parts[2] : "");
    }

    private static String document(String os, String architecture, String variant) {
        return "{\"architecture\":\"%s\",\"os\":\"%s\"%s}"
                .formatted(architecture, os, variant.isEmpty() ? "" : ",\"variant\":\"" + variant + "\"");
    }
}
