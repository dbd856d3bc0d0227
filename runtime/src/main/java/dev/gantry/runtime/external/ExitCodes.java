package dev.gantry.runtime.external;

import java.util.List;
import java.util.Locale;

/// The exit codes of Docker, which it reads from the words of the runtime.
public final class ExitCodes {
    private static final int SETUP = 125;
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;
    private static final List<String> MISSING =
            List.of("executable file not found", "no such file or directory", "system cannot find the file specified");

    private ExitCodes() {}

    /// 125, 126 or 127, as `docker run` exits.
    ///
    /// @param message the error of the runtime
    /// @param command what was to be executed
    public static int of(String message, String command) {
        String text = message.toLowerCase(Locale.ROOT);
        if (text.contains("permission denied") || text.contains("not a directory")) {
            return NOT_EXECUTABLE;
        }
        boolean missing = MISSING.stream().anyMatch(text::contains);
        return missing && text.contains(command.toLowerCase(Locale.ROOT)) ? NOT_FOUND : SETUP;
    }
}
