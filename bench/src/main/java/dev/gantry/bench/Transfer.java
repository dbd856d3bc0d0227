package dev.gantry.bench;

import dev.gantry.e2e.Command;
import dev.gantry.e2e.Result;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A command of an engine's command line that moves an image, timed; what comes before and after it is not.
///
/// @param engine how its command line begins
/// @param before commands that make ready
/// @param after commands that clean up
/// @param needed closed at the end
record Transfer(
        String name,
        List<String> engine,
        List<List<String>> before,
        List<String> timed,
        List<List<String>> after,
        Closeable needed) {
    private static final Duration LONGEST = Duration.ofMinutes(5);

    Transfer(String name, List<String> engine, List<List<String>> before, List<String> timed) {
        this(name, engine, before, timed, List.of(), () -> {});
    }

    /// Moves the image.
    ///
    /// @return nanoseconds
    long once() throws IOException {
        try (needed) {
            for (List<String> each : before) {
                run(each);
            }
            long begin = System.nanoTime();
            run(timed);
            long time = System.nanoTime() - begin;
            for (List<String> each : after) {
                run(each);
            }
            return time;
        }
    }

    private void run(List<String> arguments) throws IOException {
        List<String> words = new ArrayList<>(engine);
        words.addAll(arguments);
        try (Command command = Command.start(words, Map.of())) {
            Result result = command.await(LONGEST);
            if (result.exit() != 0) {
                throw new IOException(name + ": " + result);
            }
        }
    }
}
