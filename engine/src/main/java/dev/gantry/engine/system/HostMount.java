package dev.gantry.engine.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A mount that this process sees; proc_pid_mountinfo(5).
///
/// @param shared whether what is mounted below it is mounted below its peers, too
/// @param slave whether what is mounted below its master is mounted below it, too
public record HostMount(Path point, boolean shared, boolean slave) {
    private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");
    /// A space, tab, line feed or backslash.
    private static final Pattern ESCAPED = Pattern.compile("\\\\([0-7]{3})");
    private static final int OCTAL = 8;
    private static final int POINT = 4;
    /// Behind the options of the mount, up to a hyphen.
    private static final int OPTIONAL = 6;

    /// All of them, in the kernel's order.
    public static List<HostMount> all() throws IOException {
        return parse(new String(Files.readAllBytes(MOUNTINFO), StandardCharsets.UTF_8)
                .lines()
                .toList());
    }

    /// Reads the lines of `/proc/self/mountinfo`.
    public static List<HostMount> parse(List<String> mountinfo) {
        List<HostMount> mounts = new ArrayList<>();
        for (String line : mountinfo) {
            String[] fields = line.split(" - ", 2)[0].split(" ", -1);
            List<String> optional = Arrays.asList(fields).subList(Math.min(OPTIONAL, fields.length), fields.length);
            mounts.add(new HostMount(
                    Path.of(unescaped(fields[POINT])),
                    optional.stream().anyMatch(each -> each.startsWith("shared:")),
                    optional.stream().anyMatch(each -> each.startsWith("master:"))));
        }
        return mounts;
    }

    /// The mount on which a file lies: of those above it the longest, and of those on one another the last.
    ///
    /// @param file without symbolic links
    public static HostMount of(Path file, List<HostMount> mounts) {
        return mounts.stream()
                .filter(each -> file.startsWith(each.point))
                .reduce((found, each) -> each.point.startsWith(found.point) ? each : found)
                .orElseThrow(() -> new IllegalArgumentException("no mount has " + file));
    }

    private static String unescaped(String text) {
        return ESCAPED.matcher(text).replaceAll(HostMount::character);
    }

    private static String character(MatchResult escaped) {
        return Matcher.quoteReplacement(Character.toString((char) Integer.parseInt(escaped.group(1), OCTAL)));
    }
}
