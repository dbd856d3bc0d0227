package dev.gantry.engine.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Mounts where none belongs: whatever Gantry mounts is detached.
///
/// @param roots directories below which there is none
record MountsPart(List<Path> roots) implements Part {
    private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");
    /// A space, tab, line feed or backslash, as proc_pid_mountinfo(5) has it.
    private static final Pattern ESCAPED = Pattern.compile("\\\\([0-7]{3})");
    private static final int OCTAL = 8;
    private static final int MOUNT_POINT = 4;

    @Override
    public String name() {
        return MOUNTINFO.toString();
    }

    @Override
    public List<Finding> look() throws IOException {
        return look(Files.readAllLines(MOUNTINFO));
    }

    List<Finding> look(List<String> mountinfo) {
        List<Finding> found = new ArrayList<>();
        for (String line : mountinfo) {
            Path mountPoint = Path.of(unescaped(line.split(" ", MOUNT_POINT + 2)[MOUNT_POINT]));
            if (roots.stream().anyMatch(root -> mountPoint.startsWith(root) && !mountPoint.equals(root))) {
                found.add(Finding.advised(
                        Kind.MOUNT,
                        mountPoint,
                        "is mounted where Gantry mounts nothing",
                        "unmount it: umount " + mountPoint));
            }
        }
        return found;
    }

    private static String unescaped(String text) {
        return ESCAPED.matcher(text).replaceAll(MountsPart::character);
    }

    private static String character(MatchResult escaped) {
        return java.util.regex.Matcher.quoteReplacement(
                Character.toString((char) Integer.parseInt(escaped.group(1), OCTAL)));
    }
}
