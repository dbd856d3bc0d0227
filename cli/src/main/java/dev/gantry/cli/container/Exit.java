package dev.gantry.cli.container;

import dev.gantry.cli.engine.Exchange;
import dev.gantry.cli.json.JsonReader;
import dev.gantry.cli.json.JsonValue;
import java.io.IOException;
import java.io.PrintStream;

/// Waiting for a container's exit: registered before the container is started, read afterwards.
final class Exit {
    private Exit() {}

    /// Reads the answer to a wait request. An error of waiting is 125.
    static int code(Exchange waiting, PrintStream err) {
        try (waiting) {
            JsonValue result = JsonReader.read(waiting.input());
            String problem = result.get("Error").text("Message");
            if (!problem.isEmpty()) {
                err.println("Error waiting for container: " + problem);
                return 125;
            }
            return (int) result.number("StatusCode");
        } catch (IOException e) {
            err.println("error waiting for container: " + e.getMessage());
            return 125;
        }
    }
}
