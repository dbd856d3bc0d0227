package dev.gantry.engine.system;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Small files of /proc, /sys and /etc, which may be missing on some hosts.
final class ProcFiles {
    /// Far above the longest, a mountinfo of thousands of mounts.
    private static final int LIMIT = 16 << 20;

    private ProcFiles() {}

    /// The content without the blanks around it; empty if the file is missing or cannot be read.
    static Optional<String> text(Path file) {
        // in large reads: a number of /proc/sys ends at every offset but 0, and Files.readString takes one byte first
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(new String(in.readNBytes(LIMIT), StandardCharsets.UTF_8).strip());
        } catch (IOException _) {
            // a host without this feature has no such file
            return Optional.empty();
        }
    }

    /// The value of the line that starts with `name` and one of `:` and `=`.
    static Optional<String> field(Path file, String name) {
        return text(file).stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith(name + ":") || line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }
}
