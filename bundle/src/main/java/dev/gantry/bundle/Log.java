package dev.gantry.bundle;

import dev.gantry.oci.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Messages for the caller: on standard error, and in the file that it names, where containerd looks for the reason
/// of a failure.
///
/// @param file null for none
/// @param json one object per line in the file, with `level`, `msg` and `time`
/// @param warns whether warnings are printed where there is no file
record Log(@Nullable Path file, boolean json, boolean warns, PrintStream err) {
    void warning(String message) {
        if (file == null && warns) {
            err.println("warning: " + message);
        }
        write("warning", message);
    }

    void error(String message) {
        err.println(message);
        write("error", message);
    }

    private void write(String level, String message) {
        if (file == null) {
            return;
        }
        String time = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        Map<String, String> entry = new LinkedHashMap<>();
        entry.put("level", level);
        entry.put("msg", message);
        entry.put("time", time);
        String line = json
                ? Json.writeText(entry)
                : "time=\"" + time + "\" level=" + level + " msg=" + Json.writeText(message);
        try {
            Files.write(
                    file,
                    (line + "\n").getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            err.println("log " + file + ": " + e.getMessage());
        }
    }
}
