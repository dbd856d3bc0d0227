package dev.gantry.runtime.cgroup;

import dev.gantry.runtime.usage.Pressure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The kernel's figures in files of a cgroup; one that this kernel does not have is empty.
final class Figures {
    private static final String NO_LIMIT = "max";

    private Figures() {}

    /// The lines of a file.
    static List<String> lines(@Nullable Path directory, String file) throws IOException {
        if (directory == null) {
            return List.of();
        }
        try {
            return Files.readAllLines(directory.resolve(file), StandardCharsets.US_ASCII);
        } catch (NoSuchFileException _) {
            return List.of();
        }
    }

    /// A single number: `absent` without the file, `unlimited` for the word `max`.
    static long number(@Nullable Path directory, String file, long absent, long unlimited) throws IOException {
        List<String> lines = lines(directory, file);
        if (lines.isEmpty()) {
            return absent;
        }
        String text = lines.getFirst().strip();
        return text.equals(NO_LIMIT) ? unlimited : Long.parseUnsignedLong(text);
    }

    static long number(@Nullable Path directory, String file) throws IOException {
        return number(directory, file, 0, 0);
    }

    /// A flat keyed file: a name and a number a line.
    static Map<String, Long> keyed(@Nullable Path directory, String file) throws IOException {
        Map<String, Long> result = new HashMap<>();
        for (String line : lines(directory, file)) {
            int blank = line.indexOf(' ');
            if (blank > 0) {
                result.put(
                        line.substring(0, blank),
                        Long.parseUnsignedLong(line.substring(blank + 1).strip()));
            }
        }
        return result;
    }

    /// The pressure files, which are there in version 2, also beside version 1 and without controllers; not with the
    /// kernel parameter `psi=0`.
    static Map<String, Pressure> pressure(@Nullable Path directory) throws IOException {
        Map<String, Pressure> result = new TreeMap<>();
        for (String resource : List.of("cpu", "memory", "io")) {
            List<String> lines = lines(directory, resource + ".pressure");
            if (!lines.isEmpty()) {
                result.put(resource, Pressure.parse(lines));
            }
        }
        return result;
    }
}
