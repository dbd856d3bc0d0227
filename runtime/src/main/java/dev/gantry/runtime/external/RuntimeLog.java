package dev.gantry.runtime.external;

import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a runtime writes with `--log-format json`: a document in each line.
final class RuntimeLog {
    private static final Set<String> ERRORS = Set.of("error", "fatal", "panic");

    private RuntimeLog() {}

    /// One message.
    record Message(@Nullable String level, @Nullable String msg) {}

    /// The last error, in the runtime's own words; empty if there is none.
    static Optional<String> error(Path log) throws IOException {
        try {
            return error(new String(Files.readAllBytes(log), StandardCharsets.UTF_8));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    static Optional<String> error(String content) {
        return content.lines()
                .map(RuntimeLog::message)
                .flatMap(Optional::stream)
                .filter(message -> ERRORS.contains(String.valueOf(message.level())))
                .map(message -> String.valueOf(message.msg()).strip())
                .reduce((_, last) -> last);
    }

    private static Optional<Message> message(String line) {
        try {
            return Optional.of(Json.read(line, Message.class));
        } catch (MalformedException _) {
            return Optional.empty(); // of a runtime that knows of no formats
        }
    }
}
